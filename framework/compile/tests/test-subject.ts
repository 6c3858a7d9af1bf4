import type { LogType } from '../../model/log-type.ts';
import type { Column } from '../../model/table.ts';
import type { FileReport } from '../file-report.ts';
import type { FixtureStore } from './fixture-store.ts';

/** Whose tests are lowered, and what their records may be. */
export interface TestSubject {
  /** A detection over events has event tests and timelines; what reads a query has timelines. */
  readonly kind: 'detection' | 'scheduled detection' | 'scheduled query';
  readonly report: FileReport;
  readonly fixtures: FixtureStore;
  readonly logTypes: ReadonlyMap<string, LogType>;
  readonly brokenLogTypes: ReadonlySet<string>;
  /**
   * The log types that a record may be of when the test does not say: one can be told, several cannot.
   * `undefined` when what the subject reads is broken, and reported there.
   */
  readonly candidates: readonly string[] | undefined;
  /** The columns of the query concerned, when they are known. */
  readonly columns: readonly Column[] | undefined;
}
