import type { Command } from 'commander';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { plural } from '../reporters/problems.ts';

interface FmtOptions extends ContentOptions {
  readonly check?: true;
}

/** What `margay fmt --json` prints. */
export interface FmtReport {
  /** Files that were changed; with `--check`, that would be. */
  readonly changed: readonly string[];
  readonly fileCount: number;
}

/** `margay fmt`: one layout for all SQL. */
export function fmtCommand(): Command {
  return defineCommand<FmtOptions>({
    name: 'fmt',
    summary: 'Format the SQL of scheduled queries.',
    description: 'Formats the SQL of scheduled queries in place. Comments stay.',
    examples: [
      ['margay fmt', 'format everything'],
      ['margay fmt --check', 'change nothing; exit with 1 when something would change'],
    ],
    run: format,
  })
    .addOption(rootOption())
    .option('--check', 'Change nothing, report what would change.');
}

async function format({ options, terminal }: CommandInput<FmtOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const check = options.check ?? false;
  const { formatQueries } = await import('../../compile/index.ts');
  const files = await formatQueries(root, { check });
  const changed = files.filter((file) => file.changed).map(({ file }) => file);
  if (terminal.json) {
    terminal.printJson({ changed, fileCount: files.length } satisfies FmtReport);
  } else {
    for (const file of changed) terminal.print(file);
    terminal.note(`${plural(changed.length, 'file')} of ${files.length} ${check ? 'would change' : 'formatted'}`);
  }
  return check && changed.length > 0 ? exitCodes.findings : exitCodes.fine;
}
