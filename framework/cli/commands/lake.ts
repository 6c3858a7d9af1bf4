import { Command, InvalidArgumentError } from 'commander';
import { MargayError } from '../../model/margay-error.ts';
import type { RebuildReport } from '../../model/rebuild.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { plural } from '../reporters/problems.ts';
import { openProgress } from '../reporters/progress.ts';
import type { Terminal } from '../terminal.ts';

interface RebuildOptions extends ConnectionOptions {
  readonly from: string;
  readonly to?: string;
}

/** `margay lake`: `rebuild` derives events again. `--json` prints a `RebuildReport`. */
export function lakeCommand(): Command {
  return new Command('lake')
    .summary('Look after the lake.')
    .description('Looks after the lake of a runtime.')
    .addCommand(rebuildCommand());
}

function rebuildCommand(): Command {
  const command = defineCommand<RebuildOptions>({
    name: 'rebuild',
    summary: 'Derive the events of a log type again.',
    description:
      'Derives the events of some days again, from the batches of the raw archive with the log type that\nis live, and puts them in the place of those that the lake has, all at once at the end. Events keep\ntheir ids; matches and alerts stay as they are, and nothing is delivered. Stopped before its end it\nchanges no event, and the same command starts it again. Exits with 1 when the log type refuses\nrecords: they are dead letters.',
    examples: [
      ['margay lake rebuild Okta.SystemLog --from 2026-06-01', 'all days from the first of June on'],
      ['margay lake rebuild Okta.SystemLog --from 2026-06-01 --to 2026-06-07', 'a week'],
    ],
    run: rebuild,
  })
    .argument('<type>', 'The log type.')
    .requiredOption('--from <day>', 'The first day of the events, UTC.', parseDay)
    .option('--to <day>', 'The last day. (default: the newest)', parseDay);
  return addConnectionOptions(command);
}

async function rebuild({ args, options, terminal }: CommandInput<RebuildOptions>): Promise<ExitCode> {
  const { from, to } = options;
  if (to !== undefined && to < from) {
    throw new MargayError('CLI_ARGUMENTS_INVALID', `--to ${to} is before --from ${from}.`, {
      hint: `margay lake rebuild ${args[0]} --from ${to} --to ${from}`,
    });
  }
  const client = openClient(options, terminal);
  const progress = openProgress(terminal, undefined);
  let report: RebuildReport;
  try {
    report = await client.rebuild({ logType: args[0] as string, from, to }, ({ day, batchCount, eventCount }) =>
      progress.show(0, `reading ${day}: ${plural(batchCount, 'batch', 'batches')}, ${plural(eventCount, 'event')}`),
    );
  } finally {
    progress.close();
  }
  if (terminal.json) terminal.printJson(report);
  else print(report, terminal);
  return report.refusedCount > 0 ? exitCodes.findings : exitCodes.fine;
}

function print(report: RebuildReport, terminal: Terminal): void {
  const { logType, days, batchCount, rowCount, replacedCount, goneCount, refusedCount } = report;
  terminal.print(
    `${logType}: ${plural(rowCount, 'event')} of ${plural(days.length, 'day')} from ${plural(batchCount, 'batch', 'batches')}, in the place of ${replacedCount.toLocaleString('en')}`,
  );
  if (rowCount === 0 && refusedCount === 0) terminal.warn(sayWhyNone(report));
  if (refusedCount > 0)
    terminal.warn(
      `${plural(refusedCount, 'record')} refused: see dead_letters. ${plural(goneCount, 'event')} went with them.`,
    );
}

/** Where no event came of it: whether there was anything to derive it from. */
function sayWhyNone({ logType, from, to, archived }: RebuildReport): string {
  if (archived === null) return `The raw archive has no batch of ${logType}.`;
  const asked = to === null ? `the days from ${from} on` : from === to ? from : `${from} to ${to}`;
  const reach = archived.from === archived.to ? `on ${archived.from}` : `from ${archived.from} to ${archived.to}`;
  return `No event of ${asked} is in the raw archive: it has the batches of ${logType} that were received ${reach}.`;
}

function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (isDay) return text;
  throw new InvalidArgumentError("Expected a day such as '2026-03-01'.");
}
