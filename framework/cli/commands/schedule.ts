import { type Command, Option } from 'commander';
import type { QueryRun } from '../../model/query-run.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand, defineGroup } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseTime } from '../parse-time.ts';
import { formatTime } from '../reporters/format-time.ts';
import { plural } from '../reporters/problems.ts';

interface RunOptions extends ConnectionOptions {
  readonly at?: string;
}

/** `margay schedule`: runs of scheduled queries. `run --json` prints a `QueryRun`. */
export function scheduleCommand(): Command {
  const run = defineCommand<RunOptions>({
    name: 'run',
    summary: 'Run a scheduled query now.',
    description:
      'Runs a scheduled query with its detections, as its schedule would, and waits for the end.\nExits with 1 when the run fails.',
    examples: [
      ['margay schedule run okta/mfa-bypass-adds-by-user', 'with the clock at now'],
      ['margay schedule run okta/mfa-bypass-adds-by-user --at 2026-03-01T06:00:00Z', 'as if it were then'],
    ],
    run: startRun,
  })
    .argument('<query>', 'The scheduled query.')
    .addOption(new Option('--at <time>', "The run's clock, ISO 8601.").argParser(parseTime));
  return defineGroup('schedule', 'Run scheduled queries by hand.').addCommand(addConnectionOptions(run));
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
