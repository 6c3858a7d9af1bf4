import type { Command } from 'commander';
import type { BackupReport } from '../../model/backup.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { formatBytes } from '../reporters/describe-cost.ts';
import { plural } from '../reporters/problems.ts';
import { openProgress } from '../reporters/progress.ts';

/** `margay backup`: all that a runtime keeps, into a folder or a file here. `--json` prints a `BackupReport`. */
export function backupCommand(): Command {
  const command = defineCommand<ConnectionOptions>({
    name: 'backup',
    summary: 'Copy all that a running runtime keeps.',
    description:
      'Writes a copy of all that a running runtime keeps: its log, its state and the tables of its lake, as\nthey are now; ingest goes on meanwhile. Everything that was acknowledged before it began is in it.\nSecrets are not: the runtime has them from its environment. A target that ends in .tar becomes one\nfile, any other a folder. It appears under its name once it is whole and has been read again.',
    examples: [
      ['margay backup margay-2026-03-01.tar', 'one file'],
      ['margay backup /backups/margay-2026-03-01 --json', 'a folder; what was written, as JSON'],
    ],
    run: backup,
  }).argument('<target>', 'The folder, or the file ending in .tar; must not exist.');
  return addConnectionOptions(command);
}

async function backup({ args, options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const target = args[0] as string;
  const { requireFree, saveBackup } = await import('../../runtime/services/backup/save-backup.ts');
  await requireFree(target);
  const stop = new AbortController();
  const release = onInterrupt(() => stop.abort());
  let report: BackupReport;
  try {
    const { totalBytes, chunks } = await openClient(options, terminal, stop.signal).backup();
    const progress = openProgress(terminal, totalBytes);
    try {
      report = await saveBackup(chunks, target, (bytes) => progress.show(bytes, formatBytes(bytes)));
    } finally {
      progress.close();
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    terminal.warn('Stopped; nothing was kept of it.');
    return exitCodes.interrupted;
  } finally {
    release();
  }
  if (terminal.json) terminal.printJson(report);
  else terminal.print(`${report.target}: ${plural(report.fileCount, 'file')}, ${formatBytes(report.bytes)}`);
  return exitCodes.fine;
}
