import type { Command } from 'commander';
import { MargayError } from '../../model/margay-error.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countProblems } from '../reporters/problems.ts';

/** What `margay types --json` prints. */
export interface TypesReport {
  readonly file: '.margay/types.d.ts';
  readonly problemCount: number;
}

/** `margay types`: the types of the content's own events, contexts and rows. */
export function typesCommand(): Command {
  return defineCommand<ContentOptions>({
    name: 'types',
    summary: 'Write .margay/types.d.ts, the types of events and rows.',
    description:
      'Writes .margay/types.d.ts, so that editors know the fields of each detection.\nMeant for an install script: it exits with 0 even when the content has errors.',
    examples: [
      ['margay types', 'in the current folder'],
      ['margay types --root ../detections', 'in another repository'],
    ],
    run: writeContentTypes,
  }).addOption(rootOption());
}

async function writeContentTypes({ options, terminal }: CommandInput<ContentOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const { writeTypes } = await import('../../compile/index.ts');
  const problems = await writeTypes(root).catch((error: unknown) => {
    if (!(error instanceof MargayError)) throw error;
    return [{ code: error.code, message: error.message, severity: 'error' as const }];
  });
  const report: TypesReport = { file: '.margay/types.d.ts', problemCount: problems.length };
  if (terminal.json) terminal.printJson(report);
  if (problems.some((problem) => problem.severity === 'error')) {
    terminal.warn(`warning: the types are incomplete, the content has ${countProblems(problems)}; see 'margay check'.`);
  }
  return exitCodes.fine;
}
