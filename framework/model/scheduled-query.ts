import type { ContentTest } from './content-test.ts';
import type { Where } from './margay-error.ts';
import type { Column } from './table.ts';

/** When a query runs: a cron expression in UTC, or an interval counted from the Unix epoch. */
export type Schedule = { readonly cron: string } | { readonly everyMs: number };

/** How a query catches up on runs that were missed. */
export type CatchUp = 'all' | 'latest';

/** A compiled scheduled query, as a bundle holds it. */
export interface ScheduledQuery {
  /** The path below `scheduled-queries/` without the ending. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The SQL, checked by the gate: as authored, with declared context columns cast to their types. */
  readonly sql: string;
  readonly schedule: Schedule;
  /** How far back it reads, as its author says; checked against `p_occurs_since`, which decides. */
  readonly lookbackMs?: number | undefined;
  /** It executes this long after its scheduled time, so that late events are in. */
  readonly settleMs: number;
  /** What is run of what was missed: every scheduled time, or the latest only. @defaultValue 'all' */
  readonly catchUp?: CatchUp | undefined;
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly owners: readonly string[];
  readonly columns: readonly Column[];
  /** Tables it reads. */
  readonly tables: readonly string[];
  /** Log types whose events can reach it: while one is silent, no rows prove nothing. @defaultValue none known */
  readonly logTypes?: readonly string[] | undefined;
  readonly tests: readonly ContentTest[];
  readonly version: string;
  readonly where: Where;
}
