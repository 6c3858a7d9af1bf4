import { MargayError, type Problem } from '../../model/margay-error.ts';
import type { Runtime } from '../../runtime/start-runtime.ts';
import { reportError } from '../report-error.ts';
import { countProblems, renderProblems } from '../reporters/problems.ts';
import type { Terminal } from '../terminal.ts';

/** What came of one compile. */
export type PublishOutcome =
  | { readonly event: 'published'; readonly digest: string; readonly serial: number; readonly changed: boolean }
  /** What was live before keeps running. */
  | { readonly event: 'refused'; readonly problems: readonly Problem[] };

/** An outcome, and every file that the compiler read. */
export interface PublishedContent {
  readonly outcome: PublishOutcome;
  readonly files: readonly string[];
}

/** Compiles the content at a root and makes it live in a runtime of this process. Reports what is wrong; never throws. */
export async function publishContent(root: string, runtime: Runtime, terminal: Terminal): Promise<PublishedContent> {
  let files: readonly string[] = [];
  try {
    const { compileContent } = await import('../../compile/index.ts');
    const compiled = await compileContent({ root });
    files = compiled.files;
    showProblems(compiled.problems, root, terminal);
    if (!compiled.envelope) return { outcome: { event: 'refused', problems: compiled.problems }, files };
    const { digest } = compiled.envelope;
    const { serial, changed } = await runtime.publish(compiled.envelope, 'margay run');
    const outcome: PublishOutcome = { event: 'published', digest, serial, changed };
    terminal.note(describeOutcome(outcome));
    const { missingSecrets } = await import('../../runtime/deliver/index.ts');
    for (const name of missingSecrets(compiled.bundle?.routing ?? { destinations: [] }, process.env)) {
      terminal.warn(`warning: the environment lacks ${name}; what needs it is not delivered.`);
    }
    return { outcome, files };
  } catch (error) {
    reportError(error, terminal);
    const problem = error instanceof MargayError ? asProblems(error) : [];
    return { outcome: { event: 'refused', problems: problem }, files };
  }
}

function showProblems(problems: readonly Problem[], root: string, terminal: Terminal): void {
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    terminal.warn(renderProblems({ problems: errors, root, colors: terminal.noteColors }));
    terminal.warn(`\n${countProblems(errors)}; what was live before keeps running.`);
  } else if (problems.length > 0) {
    terminal.note(`${countProblems(problems)}; see 'margay check'.`);
  }
}

function describeOutcome({ digest, serial, changed }: PublishOutcome & { readonly event: 'published' }): string {
  const name = digest.slice(0, 'sha256:'.length + 12);
  return changed
    ? `The content is live: ${name}, serial ${serial}.`
    : `The content was live already: ${name}, serial ${serial}.`;
}

function asProblems(error: MargayError): readonly Problem[] {
  if (error.problems.length > 0) return error.problems;
  return [{ code: error.code, message: error.message, where: error.where, hint: error.hint, severity: 'error' }];
}
