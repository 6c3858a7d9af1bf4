import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Backfill } from '../../model/backfill.ts';
import type { RuntimeClient } from '../client.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { addHistoryOptions, type HistoryOptions } from '../history-options.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { plural } from '../reporters/problems.ts';
import { openProgress } from '../reporters/progress.ts';
import type { Terminal } from '../terminal.ts';

interface BackfillOptions extends ConnectionOptions, HistoryOptions {
  readonly dryRun?: true;
}

const pollMs = 300;

/** `margay backfill`: the matches of a live detection over history. `--json` prints a `Backfill`. */
export function backfillCommand(): Command {
  const command = addHistoryOptions(
    defineCommand<BackfillOptions>({
      name: 'backfill',
      summary: 'Write the matches of a live detection over history.',
      description:
        'Runs a live detection over the events that the runtime holds and writes its matches into rule_matches, with the\ntime of their events and p_backfilled, so that a query over 30 days does not start blind. It raises no alert and\nwrites no match twice. It goes on in the runtime; stopped by Ctrl-C, the same command goes on where it was.',
      examples: [
        ['margay backfill okta/mfa-bypass-group-member-added', 'the last 30 days'],
        ['margay backfill okta/mfa-bypass-group-member-added --days 90 --dry-run', 'only count what would be written'],
      ],
      run: backfill,
    }).argument('<id>', 'The detection.'),
  ).option('--dry-run', 'Write nothing, count what would be written.');
  return addConnectionOptions(command);
}

async function backfill({ args, options, terminal }: CommandInput<BackfillOptions>): Promise<ExitCode> {
  const client = openClient(options, terminal);
  const { days, until, dryRun = false } = options;
  const interrupt = new AbortController();
  const release = onInterrupt(() => interrupt.abort());
  try {
    const started = await client.startBackfill({ detectionId: args[0] as string, days, until, dryRun });
    const ended = await follow(client, started, terminal, interrupt.signal);
    if (terminal.json) terminal.printJson(ended);
    else report(ended, terminal);
    if (ended.status === 'stopped') return exitCodes.interrupted;
    return ended.status === 'failed' ? exitCodes.findings : exitCodes.fine;
  } finally {
    release();
  }
}

/** Shows how far it is until it ends, and stops it on Ctrl-C. */
async function follow(
  client: RuntimeClient,
  started: Backfill,
  terminal: Terminal,
  interrupt: AbortSignal,
): Promise<Backfill> {
  const { backfillId } = started;
  const progress = openProgress(terminal, started.days.total);
  let latest = started;
  try {
    while (latest.status === 'running') {
      if (interrupt.aborted) return await client.stopBackfill(backfillId);
      progress.show(latest.days.done, `day ${latest.days.done} of ${latest.days.total}, ${describeCounts(latest)}`);
      await sleep(pollMs, undefined, { signal: interrupt }).catch(() => undefined);
      const { backfills } = await client.backfills();
      latest = backfills.find((other) => other.backfillId === backfillId) ?? latest;
    }
    return latest;
  } finally {
    progress.close();
  }
}

function report(backfill: Backfill, terminal: Terminal): void {
  const { ruleId, status, days, errors, error } = backfill;
  terminal.print(`${ruleId}: ${describeCounts(backfill)}`);
  for (const { functionName, errorClass, count } of errors) {
    terminal.warn(`${functionName} failed with ${errorClass}, ${plural(count, 'time')}`);
  }
  const where = `after day ${days.done} of ${days.total}`;
  if (status === 'failed') terminal.warn(`It failed ${where}: ${error}`);
  if (status === 'stopped') terminal.note(`Stopped ${where}. The same command again goes on from there.`);
}

function describeCounts({ written, known, isDryRun }: Backfill): string {
  const done = isDryRun ? 'would be written' : 'written';
  return `${plural(written, 'match', 'matches')} ${done}, ${known.toLocaleString('en')} known before`;
}
