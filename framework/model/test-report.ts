import type { Problem, Where } from './margay-error.ts';

/** How the tests of some content went. */
export interface TestReport {
  /** In order of file name. */
  readonly files: readonly TestFileReport[];
  /** What the compiler found, and what is wrong with the choice of tests. With errors among them no test ran. */
  readonly problems: readonly Problem[];
  readonly totals: TestTotals;
}

/** The tests of one detection or scheduled query. */
export interface TestFileReport {
  /** Path relative to the content root. */
  readonly file: string;
  /** The detection or scheduled query. */
  readonly id: string;
  readonly kind: 'detection' | 'query';
  /** In the order of the file. */
  readonly tests: readonly TestCaseReport[];
}

/** How a test ended. */
export type TestStatus = 'passed' | 'failed' | 'skipped';

/** One test. */
export interface TestCaseReport {
  readonly name: string;
  readonly kind: 'event' | 'timeline';
  readonly status: TestStatus;
  readonly durationMs: number;
  readonly where: Where;
  /** What was not as expected; `[]` unless it failed. */
  readonly differences: readonly TestDifference[];
  /** What else went wrong: functions that threw, SQL that failed, engines that disagree. */
  readonly problems: readonly Problem[];
  /** The engines that ran its SQL; `[]` when it has none. */
  readonly engines: readonly string[];
  /** What a reader should know of a passed test: why an engine was not used, why it was skipped. */
  readonly notes: readonly string[];
}

/** One expectation that was not met. */
export interface TestDifference {
  /** `title`, `context.member`, `alerts`, … */
  readonly field: string;
  readonly expected: unknown;
  /** `undefined` when there was nothing. */
  readonly actual: unknown;
  /** The step of a timeline that expected it; absent: the test's own place. */
  readonly where?: Where | undefined;
}

/** Counts of tests, not of detections. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly durationMs: number;
}
