import type { CompileResult } from '../compile/index.ts';
import type { Bundle, BundleEnvelope } from '../model/bundle.ts';
import { countProblems, renderProblems } from './reporters/problems.ts';
import type { Terminal } from './terminal.ts';

/** Content that is fit for a runtime; its problems are findings. */
export interface CompiledForRuntime extends CompileResult {
  readonly bundle: Bundle;
  readonly envelope: BundleEnvelope;
}

/**
 * Compiles the content of a root for a command that needs all of it; `undefined` when it has errors, which are shown
 * then.
 *
 * @param undone - What the command leaves undone: `nothing was published`.
 * @param options.types - As for `compileContent`.
 * @param options.cache - Whether to use what is known of the same files from before; never for what is published.
 */
export async function compileForRuntime(
  root: string,
  terminal: Terminal,
  undone: string,
  options: { readonly types?: boolean; readonly cache?: boolean } = {},
): Promise<CompiledForRuntime | undefined> {
  const { compileContent, openCache } = await import('../compile/index.ts');
  const { cache, ...rest } = options;
  const compiled = await compileContent({
    root,
    ...rest,
    ...(cache ? { cache: await openCache(root, Date.now()) } : {}),
  });
  const { bundle, envelope, problems } = compiled;
  if (bundle && envelope) return { ...compiled, bundle, envelope };
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (terminal.json) terminal.printJson({ problems });
  terminal.warn(renderProblems({ problems: errors, root, colors: terminal.noteColors }));
  terminal.warn(`\n${countProblems(errors)}; ${undone}.`);
  return undefined;
}
