import { resolve } from 'node:path';
import type { Bundle, BundleEnvelope } from '../model/bundle.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Problem } from '../model/margay-error.ts';
import type { PolicySettings } from '../model/plan.ts';
import { sha256Digest } from '../model/stable-id.ts';
import { analyseContent, type ContentAnalysis } from './analyse-content.ts';
import type { ContentCache } from './cache/content-cache.ts';
import type { ReadDirectory } from './content/find-content.ts';
import { readCommit } from './content/read-commit.ts';
import { readVersion } from './package-files.ts';
import { sortProblems } from './sort-problems.ts';
import { declareTypes, saveTypes } from './write-types.ts';

/** What compiling gave. */
export interface CompileResult {
  /** Absent when there are errors. Findings do not stop it. */
  readonly bundle?: Bundle;
  readonly envelope?: BundleEnvelope;
  /** Everything that is wrong, by file, line and column. */
  readonly problems: readonly Problem[];
  /** What `margay.config.ts` says of policies. It is no part of the bundle: a waiver changes nothing that runs. */
  readonly policies: PolicySettings;
  /** Every file that was read, relative to the root, in code-unit order. */
  readonly files: readonly string[];
}

/**
 * Compiles the content below a folder to a bundle whose bytes depend on the content alone.
 *
 * @param options.types - Also write `.margay/types.d.ts` and run the TypeScript checker over detections.
 * @param options.readDirectory - Lists the directories of content, in any order: the bundle does not depend on it.
 * @param options.cache - What is known of the same files from before; absent: everything is made anew.
 * @defaultValue `types: true`, and the directories of the disk
 */
export async function compileContent(options: {
  readonly root: string;
  readonly types?: boolean;
  readonly readDirectory?: ReadDirectory;
  readonly cache?: ContentCache;
}): Promise<CompileResult> {
  const root = resolve(options.root);
  const content = await analyseContent(root, options);
  const problems =
    options.types === false
      ? content.problems
      : sortProblems([...content.problems, ...(await checkCode(root, content, options.cache))]);
  await options.cache?.save();
  const { policies } = content;
  const files = [...new Set(content.files)].sort();
  if (problems.some(({ severity }) => severity === 'error')) return { problems, policies, files };
  const bundle = await assembleBundle(content);
  const text = canonicalJson(bundle);
  const commit = await readCommit(root);
  const envelope = { digest: sha256Digest(text), content: text, ...(commit === undefined ? {} : { commit }) };
  return { bundle, envelope, problems, policies, files };
}

async function checkCode(
  root: string,
  content: ContentAnalysis,
  cache: ContentCache | undefined,
): Promise<readonly Problem[]> {
  const types = declareTypes(content);
  await saveTypes(root, types);
  const { codeFiles } = content;
  if (codeFiles.length === 0) return [];
  const check = async () => {
    const { checkTypes } = await import('./typescript/index.ts');
    const { problems, files } = await checkTypes({ root, files: codeFiles, types });
    return { value: problems, isSound: problems.length === 0, files };
  };
  return cache
    ? cache.ofFiles('types', root, { codeFiles, hasConfig: content.hasConfig, types: withoutComments(types) }, check)
    : (await check()).value;
}

/** Titles and descriptions stand in comments: no type depends on them. */
function withoutComments(types: string): string {
  return types.replaceAll(/^\s*\/\*\*.*\*\/$/gm, '');
}

async function assembleBundle(content: ContentAnalysis): Promise<Bundle> {
  const { logTypes, detections, queries, lookups, routing, retention, code } = content;
  return { format: 1, margay: await readVersion(), logTypes, detections, queries, lookups, routing, retention, code };
}
