import type { Problem } from '../model/margay-error.ts';
import type { ContentCache } from './cache/content-cache.ts';
import type { FoundContent } from './content/find-content.ts';
import type { BundledCode, EvaluatedConfig } from './typescript/index.ts';

/** What the TypeScript of content says and does. */
export interface AnalysedCode {
  readonly config: EvaluatedConfig;
  readonly code: BundledCode;
  /** What keeps the code of detections from being pure. */
  readonly impure: readonly Problem[];
}

/** Evaluates the configuration, and bundles and lints the code of detections. TypeScript is loaded only for that. */
export async function analyseCode(root: string, found: FoundContent, cache?: ContentCache): Promise<AnalysedCode> {
  const analyse = async () => {
    const { bundleCode, evaluateConfig, lintPurity } = await import('./typescript/index.ts');
    const [config, code, impure] = await Promise.all([
      evaluateConfig({ root, file: found.config }),
      bundleCode({ root, entries: found.code }),
      lintPurity({ root, files: found.code.map(({ file }) => file) }),
    ]);
    const isSound = [config.problems, code.problems, impure].every((problems) => problems.length === 0);
    return { value: { config, code, impure }, isSound, files: [...config.files, ...code.files] };
  };
  if (!cache) return (await analyse()).value;
  return cache.ofFiles('code', root, { config: found.config, entries: found.code }, analyse);
}
