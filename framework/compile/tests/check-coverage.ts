import { isRecord } from '../../model/path.ts';
import type { FileReport } from '../file-report.ts';

/**
 * Reports a detection that lacks a test that matches, or one that does not; with `timelines`, what reads a
 * query and lacks a timeline. Counts what is written, so that a flawed test is not reported twice.
 */
export function checkCoverage(tests: readonly unknown[], report: FileReport, needs: 'events' | 'timelines'): void {
  const lacking = (message: string, hint: string) =>
    report.addFinding('COMPILE_TEST_MISSING', tests.length > 0 ? ['tests'] : [], message, { atKey: true, hint });
  if (needs === 'timelines') {
    if (tests.some((test) => isRecord(test) && 'steps' in test)) return;
    lacking(
      'No timeline proves the chain behind it.',
      "Add a test with 'steps: [{ at: -1h, log: … }]' and 'expect: { alerts: […] }'.",
    );
    return;
  }
  if (report.isFlawed('tests') && tests.length === 0) return;
  if (tests.length === 0) {
    lacking(
      'No test shows what it looks for.',
      "Add one with 'expect: { match: true }' and one with 'expect: { match: false }'.",
    );
    return;
  }
  const matches = tests.map((test) => (isRecord(test) && isRecord(test.expect) ? test.expect.match : undefined));
  if (!matches.includes(true))
    lacking('No test shows a record that matches.', "Add a test with 'expect: { match: true }'.");
  if (!matches.includes(false))
    lacking('No test shows a record that does not match.', "Add a test with 'expect: { match: false }'.");
}
