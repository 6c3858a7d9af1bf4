import { appendFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { systemClock } from '../../model/clock.ts';
import { formatDuration } from '../../model/duration.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import type { HealthReport } from '../health/watch-health.ts';
import { parseSpan } from '../parse-time.ts';
import { visibleLine } from '../visible-text.ts';

interface HealthOptions extends ConnectionOptions {
  readonly for: number;
  readonly commit?: string;
}

/** `margay health`: whether a publish did harm. `--json` prints a `HealthReport`. */
export function healthCommand(): Command {
  const command = defineCommand<HealthOptions>({
    name: 'health',
    summary: 'Watch for a while whether a publish did harm.',
    description:
      'Watches what is live: whether a detection that it changed fails or hangs, a query that it changed fails, or\nthe runtime gets stuck. Detections and queries that it left as they were are not looked at.\nExits with 1 as soon as something goes wrong, with 0 when nothing did, or when something else is live.\nThe step of a GitHub workflow then has the output harm=true, which it lacks when the watch itself failed.',
    examples: [
      ['margay health', 'after a publish, for two minutes'],
      ['margay health --for 10m --commit 4f0c2a1', 'only while the bundle of that commit is live'],
    ],
    run: watch,
  })
    .addOption(new Option('--for <duration>', 'How long.').argParser(parseSpan).default(120_000, '2m'))
    .addOption(new Option('--commit <sha>', 'The commit that was published.').env('GITHUB_SHA'));
  return addConnectionOptions(command);
}

async function watch({ options, terminal }: CommandInput<HealthOptions>): Promise<ExitCode> {
  const { watchHealth } = await import('../health/watch-health.ts');
  const report = await watchHealth({
    client: openClient(options, terminal),
    commit: options.commit || undefined,
    forMs: options.for,
    clock: systemClock,
  });
  const output = process.env.GITHUB_OUTPUT;
  if (output && report.verdict === 'harmed') await appendFile(output, 'harm=true\n');
  if (terminal.json) terminal.printJson(report);
  else terminal.print(describe(report));
  return report.verdict === 'harmed' ? exitCodes.findings : exitCodes.fine;
}

function describe({ verdict, live, watchedMs, harm }: HealthReport): string {
  const { digest, serial, commit } = live;
  if (digest === null) return 'Nothing was published yet.';
  const what = `${digest}, serial ${serial}`;
  if (verdict === 'other') return `${what}, of commit ${commit ?? 'unknown'}, is live now: there is nothing to watch.`;
  if (verdict === 'harmed') return [`${what}, does harm:`, ...harm.map((line) => `  ${visibleLine(line)}`)].join('\n');
  return `${what}: nothing went wrong in ${formatDuration(Math.max(1_000, Math.floor(watchedMs / 1_000) * 1_000))}.`;
}
