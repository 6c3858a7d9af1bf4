import type { Level } from './level.ts';
import type { Where } from './margay-error.ts';

/** A test that content carries. `log:` fixtures are resolved to records by the compiler. */
export type ContentTest = EventTest | TimelineTest;

/** One record through one detection. */
export interface EventTest {
  readonly kind: 'event';
  readonly name: string;
  readonly logType: string;
  /** The record after `with` and `without`. */
  readonly log: unknown;
  readonly expect: EventExpectation;
  readonly where: Where;
}

/** What an event test expects. Fields that are absent are not compared. */
export interface EventExpectation {
  readonly match: boolean;
  readonly title?: string | undefined;
  readonly level?: Level | undefined;
  readonly dedup?: string | undefined;
  readonly description?: string | undefined;
  readonly runbook?: string | undefined;
  readonly destinations?: readonly string[] | undefined;
  /** Compared on the columns it names. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly unique?: string | undefined;
}

/**
 * Records over time through the whole chain, with a fake clock. Time zero is `now`.
 */
export interface TimelineTest {
  readonly kind: 'timeline';
  readonly name: string;
  /** ISO 8601; time zero. */
  readonly now: string;
  readonly steps: readonly TimelineStep[];
  /**
   * When the scheduled query concerned runs. `expected`: once at each expectation, with the clock at that time.
   * `scheduled`: at each of its scheduled times from the first step on, executed `settle` later, and not at
   * expectations, whose rows are those of the last run executed by then.
   *
   * @defaultValue 'expected'
   */
  readonly runs?: 'expected' | 'scheduled' | undefined;
  readonly where: Where;
}

/** One step of a timeline, in order of time. A final `expect` of the test is a last step at its own time. */
export type TimelineStep =
  | {
      readonly kind: 'log';
      readonly atMs: number;
      readonly logType: string;
      readonly log: unknown;
      /** The same record again, this many times in all, `everyMs` apart. */
      readonly times: number;
      readonly everyMs: number;
      /** `true`: the vendor's redelivery; the event id (and time) stay the same. */
      readonly sameEvent: boolean;
      readonly where: Where;
    }
  | { readonly kind: 'expect'; readonly atMs: number; readonly expect: TimelineExpectation; readonly where: Where };

/** Exact sets, compared on the fields that each expectation names. Absent: not compared. */
export interface TimelineExpectation {
  /** The matches recorded since the last expectation. */
  readonly matches?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** The rows of the query's last run, which is the one at this time unless the test has it run as scheduled. */
  readonly rows?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** The alerts created or notified again since the last expectation. */
  readonly alerts?: readonly Readonly<Record<string, unknown>>[] | undefined;
}
