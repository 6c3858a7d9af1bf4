import { formatWhere } from '../../model/margay-error.ts';
import type { TestCaseReport, TestDifference, TestFileReport, TestReport } from '../../model/test-report.ts';
import type { Colors } from '../terminal.ts';
import { visibleText } from '../visible-text.ts';
import { formatTook } from './format-time.ts';
import { countProblems, plural, renderProblems } from './problems.ts';
import { diffValues } from './value-diff.ts';

const engineNames: Readonly<Record<string, string>> = { duckdb: 'DuckDB' };

/** How to show a test report. */
export interface TestReportOptions {
  readonly report: TestReport;
  /** The content root, for code frames. */
  readonly root: string;
  readonly colors: Colors;
}

/** The report for people: a line per file, the failures with what was expected and found, problems, totals. */
export function renderTestReport({ report, root, colors }: TestReportOptions): string {
  const { problems, files } = report;
  const failures = files.flatMap((file) =>
    file.tests.filter(hasFailed).map((test) => renderFailure(file, test, colors)),
  );
  const sections = [
    files.map((file) => renderFile(file, colors)).join('\n'),
    failures.join('\n\n'),
    problems.length > 0 ? renderProblems({ problems, root, colors }) : '',
    renderSummary(report, colors),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function renderFile({ file, tests }: TestFileReport, colors: Colors): string {
  const failed = tests.filter(hasFailed).length;
  const skipped = tests.filter((test) => test.status === 'skipped').length;
  const tookMs = tests.reduce((total, test) => total + test.durationMs, 0);
  const mark = failed > 0 ? colors.red('✘') : skipped === tests.length ? colors.yellow('○') : colors.green('✔');
  const counts = [
    failed > 0 ? colors.red(`${failed} of ${plural(tests.length, 'test')} failed`) : plural(tests.length, 'test'),
    ...(skipped > 0 ? [colors.yellow(`${skipped} skipped`)] : []),
  ];
  const ran = new Set(tests.flatMap((test) => test.engines));
  const engines =
    ran.size > 0 ? `, SQL on ${[...ran].map((engine) => engineNames[engine] ?? engine).join(' and ')}` : '';
  return `${mark} ${visibleText(file)}  ${counts.join(', ')}${engines}  ${colors.dim(formatTook(tookMs))}`;
}

function renderFailure(file: TestFileReport, test: TestCaseReport, colors: Colors): string {
  const title = `${file.id} › ${test.name}`;
  return [
    `${colors.red('FAIL')} ${colors.bold(visibleText(title))}  ${colors.cyan(visibleText(formatWhere(test.where)))}`,
    ...(test.differences.length > 0 ? [colors.dim('  - expected  + found')] : []),
    ...test.differences.flatMap((difference) => renderDifference(difference, colors)),
    ...test.problems.flatMap(({ code, message, where, hint }) => [
      `  ${colors.red(code)}  ${visibleText(message)}${where ? `  ${colors.cyan(formatWhere(where))}` : ''}`,
      ...(hint ? [`    hint: ${visibleText(hint)}`] : []),
    ]),
  ].join('\n');
}

function renderDifference({ field, expected, actual, where }: TestDifference, colors: Colors): readonly string[] {
  const place = where ? `  ${colors.cyan(visibleText(formatWhere(where)))}` : '';
  const lines = diffValues(expected, actual).map((line) => {
    if (line.startsWith('-')) return colors.green(line);
    return line.startsWith('+') ? colors.red(line) : line;
  });
  return [`  ${visibleText(field)}${place}`, ...lines.map((line) => `    ${line}`)];
}

function renderSummary({ files, totals, problems }: TestReport, colors: Colors): string {
  const tests = files.flatMap((file) => file.tests);
  if (tests.length === 0)
    return `${colors.red('no test ran')}${problems.length > 0 ? `: ${countProblems(problems)}` : ''}`;
  const counts = [
    ...(totals.failed > 0 ? [colors.red(`${totals.failed} failed`)] : []),
    colors.green(`${totals.passed} passed`),
    ...(totals.skipped > 0 ? [colors.yellow(`${totals.skipped} skipped`)] : []),
    ...(problems.length > 0 ? [countProblems(problems)] : []),
  ];
  const size = `${plural(tests.length, 'test')} in ${plural(files.length, 'file')}, ${formatTook(totals.durationMs)}`;
  const noted = [...new Set(tests.flatMap((test) => test.notes))];
  return [
    `${counts.join(', ')}  ${colors.dim(`(${size})`)}`,
    ...noted.map((note) => colors.dim(visibleText(`note: ${note}`))),
  ].join('\n');
}

function hasFailed(test: TestCaseReport): boolean {
  return test.status === 'failed';
}
