import { type Command, Option } from 'commander';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { formatBytes } from '../reporters/describe-cost.ts';
import { plural } from '../reporters/problems.ts';
import { openProgress } from '../reporters/progress.ts';

interface RestoreOptions {
  readonly data: string;
}

/** `margay restore`: the data folder of a runtime, from a backup. `--json` prints a `BackupReport`. */
export function restoreCommand(): Command {
  return defineCommand<RestoreOptions>({
    name: 'restore',
    summary: 'Make the data folder of a runtime from a backup.',
    description:
      'Makes the data folder of a runtime from what margay backup wrote, on this machine and without a\nruntime. The folder must be empty or not exist. The whole backup is held against its checksums before\nanything is written. A runtime that is started on the folder goes on where the backup was made.\nWhat the old runtime delivered after that is delivered again, with the same ids. Stop it first.',
    examples: [
      ['margay restore margay-2026-03-01.tar --data /var/lib/margay', 'into the folder of margay run --data'],
      ['margay restore /backups/margay-2026-03-01', 'into .data, where margay run looks'],
    ],
    run: restore,
  })
    .argument('<backup>', 'The folder or file that margay backup wrote.')
    .addOption(new Option('--data <dir>', 'The data folder to make.').env('MARGAY_DATA').default('.data'));
}

async function restore({ args, options, terminal }: CommandInput<RestoreOptions>): Promise<ExitCode> {
  const { restoreBackup } = await import('../../runtime/services/backup/restore-backup.ts');
  const progress = openProgress(terminal, undefined);
  try {
    const report = await restoreBackup(args[0] as string, options.data, (bytes) =>
      progress.show(bytes, `verifying and copying: ${formatBytes(bytes)}`),
    );
    progress.close();
    if (terminal.json) terminal.printJson(report);
    else terminal.print(`${report.target}: ${plural(report.fileCount, 'file')}, ${formatBytes(report.bytes)}`);
  } finally {
    progress.close();
  }
  return exitCodes.fine;
}
