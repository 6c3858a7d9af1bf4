import type { Row } from './table.ts';

/** Something counted under the logic that is live (`before`) and the logic that is tried (`after`). */
export interface Comparison {
  /** `null`: nothing was compared with. */
  readonly before: number | null;
  readonly after: number;
  readonly both: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
}

/** The figures of one day, UTC. */
export interface BacktestDay {
  /** `2026-01-31` */
  readonly day: string;
  readonly matches: Comparison;
  /** By the day of their first match. `null`: not computed, see the notes of the report. */
  readonly alerts: Comparison | null;
}

/** How often a function failed in one way. */
export interface BacktestErrors {
  readonly side: 'before' | 'after';
  readonly functionName: string;
  readonly errorClass: string;
  readonly count: number;
}

/** What was found of one detection. */
export interface DetectionTrial {
  readonly detectionId: string;
  readonly matches: Comparison;
  readonly alerts: Comparison | null;
  /** Days with at least one match or alert, in order. */
  readonly days: readonly BacktestDay[];
  readonly errors: readonly BacktestErrors[];
  /** Sides whose logic hung, or ran out of memory, and was stopped: what came after is missing. */
  readonly stopped: readonly ('before' | 'after')[];
  /** Asked for only. Field → its most frequent values, by who matched. */
  readonly values?: Readonly<Record<MatchClass, TopValues>> | undefined;
  /** Asked for only. The first matches, by who matched. */
  readonly samples?: Readonly<Record<MatchClass, readonly BacktestSample[]>> | undefined;
}

/** Who matched: both, the live logic alone, the new logic alone. */
export type MatchClass = 'both' | 'onlyBefore' | 'onlyAfter';

/** `dedup`, `context.<column>` or `p_any_…` → its most frequent values. */
export type TopValues = Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;

/** A match, to look at. */
export interface BacktestSample {
  readonly eventTime: string;
  readonly rowId: string;
  readonly title: string;
  readonly dedup: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly event: Row;
}

/** A scheduled query that reads the matches, run again at its times: over those of the live logic, and the new ones. */
export interface DownstreamTrial {
  readonly queryId: string;
  /** How often it was run. */
  readonly runs: number;
  /** Rows of all runs. The same rows are those with the same values. */
  readonly rows: Comparison;
  /** Days with at least one row, in order; a row is of the day of its run. */
  readonly days: readonly DownstreamDay[];
  /** The scheduled detections over it; the same ones are tried on both sides. */
  readonly detections: readonly DetectionTrial[];
}

/** The rows of one day, UTC. */
export interface DownstreamDay {
  /** `2026-01-31` */
  readonly day: string;
  readonly rows: Comparison;
}

/** What a detection would have found. The same lake and the same bundles give the same report, byte by byte. */
export interface BacktestReport extends DetectionTrial {
  /** ISO 8601. Half-open: `until` is not in it. */
  readonly window: { readonly from: string; readonly until: string };
  /** The digest of the bundle that was tried. */
  readonly digest: string;
  /** What it was compared with; `null`: nothing. */
  readonly against: { readonly digest: string; readonly serial: number } | null;
  /** `sql`: the condition decided in the lake; `code`: TypeScript did, over candidates; `query`: rows of a query. */
  readonly method: 'sql' | 'code' | 'query';
  /** Rows that the condition let through to the detection; of a scheduled query, its rows. */
  readonly candidates: number;
  /** The scheduled queries that read its matches, each after those that feed it. */
  readonly downstream: readonly DownstreamTrial[];
  /** What the figures leave out, and why. */
  readonly notes: readonly string[];
}

/** A line of the answer of `POST /v1/backtests`. */
export type BacktestLine =
  | { readonly kind: 'progress'; readonly phase: BacktestPhase; readonly done: number; readonly total: number | null }
  | { readonly kind: 'report'; readonly report: BacktestReport };

/** What a backtest is doing: reading events, running the query of a scheduled detection, or those that read matches. */
export type BacktestPhase = 'events' | 'query' | 'downstream';
