import { formatWhere, type Problem } from '../../model/margay-error.ts';
import type { TestCaseReport, TestFileReport, TestReport, TestStatus } from '../../model/test-report.ts';
import { diffValues } from './value-diff.ts';
import { attributes, escapeXml } from './xml.ts';

/**
 * The report as JUnit XML: a suite per file, a case per test, and a suite `content` for errors of the compiler.
 *
 * @source The common subset that GitLab, Jenkins and GitHub actions read.
 */
export function renderJunit(report: TestReport): string {
  const { files, totals } = report;
  const errors = report.problems.filter((problem) => problem.severity === 'error');
  const counts = {
    tests: totals.passed + totals.failed + totals.skipped + errors.length,
    failures: totals.failed,
    errors: errors.length,
    skipped: totals.skipped,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'margay', ...counts, time: seconds(totals.durationMs) })}>`,
    ...files.flatMap(renderSuite),
    ...(errors.length > 0 ? renderErrors(errors) : []),
    '</testsuites>',
    '',
  ].join('\n');
}

function renderSuite({ id, file, tests }: TestFileReport): readonly string[] {
  const count = (status: TestStatus): number => tests.filter((test) => test.status === status).length;
  const time = seconds(tests.reduce((total, test) => total + test.durationMs, 0));
  const counts = { tests: tests.length, failures: count('failed'), errors: 0, skipped: count('skipped') };
  return [
    `  <testsuite${attributes({ name: id, file, ...counts, time })}>`,
    ...tests.map((test) => renderCase(id, test)),
    '  </testsuite>',
  ];
}

function renderCase(id: string, test: TestCaseReport): string {
  const { file, line } = test.where;
  const start = `    <testcase${attributes({ name: test.name, classname: id, file, line, time: seconds(test.durationMs) })}`;
  if (test.status === 'skipped')
    return `${start}><skipped${attributes({ message: test.notes.join('; ') })}/></testcase>`;
  const engines = renderEngines(test);
  if (test.status === 'passed') return engines === '' ? `${start}/>` : `${start}>${engines}</testcase>`;
  const details = [
    formatWhere(test.where),
    ...test.differences.flatMap(({ field, expected, actual }) => [`${field}:`, ...diffValues(expected, actual)]),
    ...test.problems.map(({ code, message }) => `${code} ${message}`),
  ];
  const fields = [...test.differences.map(({ field }) => field), ...test.problems.map(({ code }) => code)];
  return `${start}>${engines}<failure${attributes({ message: fields.join(', ') })}>${escapeXml(details.join('\n'))}</failure></testcase>`;
}

/** Which engines ran the SQL of a test, and why one did not. */
function renderEngines({ engines, notes }: TestCaseReport): string {
  if (engines.length === 0) return '';
  const property = `<property${attributes({ name: 'engines', value: engines.join(',') })}/>`;
  const why = notes.length > 0 ? `<property${attributes({ name: 'engines-note', value: notes.join('; ') })}/>` : '';
  return `<properties>${property}${why}</properties>`;
}

function renderErrors(errors: readonly Problem[]): readonly string[] {
  return [
    `  <testsuite${attributes({ name: 'content', tests: errors.length, failures: 0, errors: errors.length, skipped: 0 })}>`,
    ...errors.map(({ code, message, where }) => {
      const place = where ? formatWhere(where) : 'content';
      const start = `    <testcase${attributes({ name: place, classname: 'content', file: where?.file, line: where?.line })}>`;
      return `${start}<error${attributes({ type: code, message })}/></testcase>`;
    }),
    '  </testsuite>',
  ];
}

function seconds(durationMs: number): string {
  return (durationMs / 1_000).toFixed(3);
}
