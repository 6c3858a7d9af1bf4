import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { MargayError } from '../../model/margay-error.ts';
import type { TestReport } from '../../model/test-report.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { onInterrupt } from '../on-interrupt.ts';
import { renderJunit } from '../reporters/test-report-junit.ts';
import { renderTestReport } from '../reporters/test-report-text.ts';
import type { Terminal } from '../terminal.ts';

interface TestOptions extends ContentOptions {
  readonly watch?: true;
  readonly junit?: string;
  readonly engine: 'both' | 'duckdb' | 'alasql';
}

/** `margay test`: the content's own tests. `--json` prints a `TestReport`. */
export function testCommand(): Command {
  return defineCommand<TestOptions>({
    name: 'test',
    summary: "Run the content's tests.",
    description:
      'Runs the tests that detections and scheduled queries carry, through the real chain with a fake clock.\nExits with 1 when a test fails or there are findings, with 2 when the content does not compile,\nwith 3 when a path or id matches nothing.',
    examples: [
      ['margay test', 'everything'],
      ['margay test okta/mfa-bypass-group-member-added', 'one detection or query, by id'],
      ['margay test detections/okta --watch', 'a folder, again on every change'],
      ['margay test --junit report.xml', 'and write JUnit XML for a CI system'],
    ],
    run: runTests,
  })
    .argument('[pathOrId...]', 'Files, folders or ids.')
    .addOption(rootOption())
    .option('--watch', 'Run again on every change, until Ctrl-C.')
    .option('--junit <file>', 'Also write the report as JUnit XML.')
    .addOption(
      new Option('--engine <engine>', 'The SQL engines to run queries on. With both, any difference fails the test.')
        .choices(['both', 'duckdb', 'alasql'])
        .default('both'),
    );
}

async function runTests({ args, options, terminal }: CommandInput<TestOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  const { runContentTests } = await import('../../testing/index.ts');
  const stop = new AbortController();
  // Without --watch Ctrl-C ends the process, as it would without a handler.
  const release = options.watch ? onInterrupt(() => stop.abort()) : () => {};
  let written = Promise.resolve();
  const report = await runContentTests({
    root,
    filters: args,
    engine: options.engine,
    watch: options.watch ?? false,
    signal: stop.signal,
    onReport: (current) => {
      showReport(current, root, terminal);
      if (options.junit) written = writeReport(options.junit, current);
      if (options.watch) terminal.note('\nWaiting for changes. Ctrl-C stops.');
    },
  }).finally(release);
  await written;
  return exitCodeOfReport(report);
}

function showReport(report: TestReport, root: string, terminal: Terminal): void {
  if (terminal.json) terminal.printJson(report);
  else terminal.print(renderTestReport({ report, root, colors: terminal.colors }));
}

async function writeReport(file: string, report: TestReport): Promise<void> {
  await writeFile(file, renderJunit(report)).catch((cause: unknown) => {
    throw new MargayError('CLI_FILE_UNREADABLE', `The JUnit report cannot be written to '${file}'.`, { cause });
  });
}

function exitCodeOfReport({ problems, totals }: TestReport): ExitCode {
  if (problems.some((problem) => problem.code === 'TEST_FILTER_UNMATCHED')) return exitCodes.usageWrong;
  if (problems.some((problem) => problem.severity === 'error')) return exitCodes.contentWrong;
  return totals.failed > 0 || problems.length > 0 ? exitCodes.findings : exitCodes.fine;
}
