import type { BundleEnvelope } from '../model/bundle.ts';
import type { Problem } from '../model/margay-error.ts';
import { countProblems, renderProblems } from './reporters/problems.ts';
import type { Terminal } from './terminal.ts';

/** Content that is fit for a runtime, and what is still to be said about it. */
export interface CompiledForRuntime {
  readonly envelope: BundleEnvelope;
  readonly findings: readonly Problem[];
}

/**
 * Compiles the content of a root for a command that sends it to a runtime; `undefined` when it has errors, which are
 * shown then.
 *
 * @param undone - What the command leaves undone: `nothing was published`.
 */
export async function compileForRuntime(
  root: string,
  terminal: Terminal,
  undone: string,
): Promise<CompiledForRuntime | undefined> {
  const { compileContent } = await import('../compile/index.ts');
  const { envelope, problems } = await compileContent({ root });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (envelope && errors.length === 0) return { envelope, findings: problems };
  if (terminal.json) terminal.printJson({ problems });
  terminal.warn(renderProblems({ problems: errors, root, colors: terminal.noteColors }));
  terminal.warn(`\n${countProblems(errors)}; ${undone}.`);
  return undefined;
}
