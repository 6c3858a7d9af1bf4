import { type Command, Option } from 'commander';
import type { BacktestLine, BacktestReport } from '../../model/backtest.ts';
import { compileForRuntime } from '../compile-for-runtime.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { addHistoryOptions, type HistoryOptions } from '../history-options.ts';
import { plural } from '../reporters/problems.ts';
import { openProgress } from '../reporters/progress.ts';

interface BacktestOptions extends ContentOptions, ConnectionOptions, HistoryOptions {
  readonly against: 'live' | 'none';
  readonly values?: true;
  readonly samples?: true;
}

/** `margay backtest`: a detection of the content over history. `--json` prints a `BacktestReport`. */
export function backtestCommand(): Command {
  const command = addHistoryOptions(
    defineCommand<BacktestOptions>({
      name: 'backtest',
      summary: 'Try a detection over the history of a runtime.',
      description:
        'Compiles the content and tries one detection of it over the events that the runtime holds, beside the live one:\nmatches and alerts per day, what both find, and what only one of them does. Scheduled queries that read its\nmatches are run again over both, and the detections over those. Nothing is written or delivered, and the same\nhistory gives the same figures. Exits with 1 when the detection fails or hangs.',
      examples: [
        ['margay backtest okta/password-spray', 'the last 30 days, against what is live'],
        ['margay backtest okta/password-spray --days 90 --against none', 'on its own'],
        ['margay backtest okta/password-spray --values --samples', 'with the values and events behind the figures'],
      ],
      run: backtest,
    }).argument('<id>', 'The detection.'),
  )
    .addOption(new Option('--against <what>', 'What it is compared with.').choices(['live', 'none']).default('live'))
    .option('--values', 'Show the most frequent values, too.')
    .option('--samples', 'Show the first matches with their events, too.')
    .addOption(rootOption());
  return addConnectionOptions(command);
}

async function backtest({ args, options, terminal }: CommandInput<BacktestOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const client = openClient(options, terminal);
  const compiled = await compileForRuntime(root, terminal, 'nothing was tried');
  if (!compiled) return exitCodes.contentWrong;
  const progress = openProgress(terminal, undefined);
  const { days, until, against, values = false, samples = false } = options;
  const request = {
    envelope: compiled.envelope,
    detectionId: args[0] as string,
    days,
    until,
    against,
    values,
    samples,
  };
  let report: BacktestReport;
  try {
    report = await client.backtest(request, (line) => progress.show(0, describeProgress(line)));
  } finally {
    progress.close();
  }
  if (terminal.json) terminal.printJson(report);
  else {
    const { renderBacktest } = await import('../reporters/backtest-report.ts');
    terminal.print(renderBacktest(report, terminal.colors));
  }
  const trials = [report, ...report.downstream.flatMap(({ detections }) => detections)];
  const hasFailed = trials.some(
    ({ errors, stopped }) => errors.some(({ side }) => side === 'after') || stopped.includes('after'),
  );
  return hasFailed ? exitCodes.findings : exitCodes.fine;
}

function describeProgress(line: BacktestLine): string {
  if (line.kind === 'report') return '';
  const { phase, done, total } = line;
  if (phase === 'events') return `reading events: ${plural(done, 'candidate')}`;
  const what = phase === 'query' ? 'running its query' : 'running what reads its matches';
  return total === null ? what : `${what}: ${done} of ${total}`;
}
