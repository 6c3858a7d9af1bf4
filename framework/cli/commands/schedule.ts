import { type Command, Option } from 'commander';
import type { QueryRun } from '../../model/query-run.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseTime } from '../parse-time.ts';
import { formatTime } from '../reporters/format-time.ts';
import { plural } from '../reporters/problems.ts';

interface RunOptions extends ConnectionOptions {
  readonly at?: string;
}

/**
 * `margay schedule`: how scheduled queries stand (`--json`: `queries` of a `StatusReport`; of one query a `RunList`), and
 * one run by hand (`run --json`: a `QueryRun`).
 */
export function scheduleCommand(): Command {
  const list = defineCommand<ConnectionOptions>({
    name: 'schedule',
    summary: 'Show the next and last runs of scheduled queries, or run one now.',
    description:
      'Shows when each scheduled query runs next, and how its last run ended; with a query, its last 100 runs of 7 days.\n' +
      'skipped: it did not run, or found no rows while a log type behind it was silent, which proves nothing.\n' +
      'The table query_runs holds all runs that ended.',
    examples: [
      ['margay schedule', 'next and last runs, rows, duration, error'],
      ['margay schedule okta/mfa-bypass-adds-by-user', 'the last runs of one query'],
      ['margay schedule run okta/mfa-bypass-adds-by-user', 'run it now'],
    ],
    run: showSchedule,
  }).argument('[query]', 'A scheduled query.');
  const run = defineCommand<RunOptions>({
    name: 'run',
    summary: 'Run a scheduled query now.',
    description:
      'Runs a scheduled query with its detections, as its schedule would, and waits for the end.\nExits with 1 when the run fails, or proves nothing because a source is silent.',
    examples: [
      ['margay schedule run okta/mfa-bypass-adds-by-user', 'with the clock at now'],
      ['margay schedule run okta/mfa-bypass-adds-by-user --at 2026-03-01T06:00:00Z', 'as if it were then'],
    ],
    run: startRun,
  })
    .argument('<query>', 'The scheduled query.')
    .addOption(new Option('--at <time>', "The run's clock, ISO 8601.").argParser(parseTime));
  // Those of the list are its too.
  return addConnectionOptions(list).addCommand(run);
}

async function showSchedule({ args, options, terminal }: CommandInput<ConnectionOptions>): Promise<ExitCode> {
  const client = openClient(options, terminal);
  const { renderRunTable, renderScheduleTable } = await import('../reporters/schedule-table.ts');
  const [queryId] = args;
  if (queryId !== undefined) {
    const list = await client.runs(queryId);
    if (terminal.json) terminal.printJson(list);
    else if (list.runs.length > 0) terminal.print(renderRunTable(list.runs, terminal.colors));
    if (!terminal.json) terminal.note(`(${plural(list.runs.length, 'run')})`);
    return exitCodes.fine;
  }
  const { queries } = await client.status();
  if (terminal.json) terminal.printJson({ queries });
  else if (queries.length > 0) terminal.print(renderScheduleTable(queries, terminal.colors));
  if (!terminal.json) terminal.note(`(${plural(queries.length, 'scheduled query', 'scheduled queries')})`);
  return exitCodes.fine;
}

async function startRun({ args, options, terminal }: CommandInput<RunOptions>): Promise<ExitCode> {
  const run = await openClient(options, terminal).startRun(args[0] as string, options.at);
  if (terminal.json) terminal.printJson(run);
  else terminal.print(describeRun(run));
  return run.status === 'succeeded' ? exitCodes.fine : exitCodes.findings;
}

function describeRun({ queryId, scheduledAtMs, status, rowCount, truncated, error }: QueryRun): string {
  const rows = rowCount === undefined ? '' : `, ${plural(rowCount, 'row')}${truncated ? ', truncated' : ''}`;
  return `${queryId} at ${formatTime(scheduledAtMs)} ${status}${rows}${error ? `: ${error}` : ''}`;
}
