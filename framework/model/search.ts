import type { IndicatorKind } from './indicators.ts';
import type { QueryCost } from './lake.ts';
import type { Level } from './level.ts';

/** What may be asked for: a kind of indicator, or any hash by its length. */
export type SearchedType = IndicatorKind | 'hash';

/** A value of an event that was looked for. */
export interface Mention {
  readonly kind: IndicatorKind;
  readonly value: string;
}

/** An event that mentions an indicator. */
export interface SearchedEvent {
  readonly logType: string;
  readonly eventTimeMs: number;
  readonly rowId: string;
  readonly mentions: readonly Mention[];
  /** What happened, in a line. */
  readonly summary: string;
}

/** A match of a detection whose event, or row, mentions an indicator. */
export interface SearchedMatch {
  readonly ruleId: string;
  readonly title: string;
  readonly level: Level;
  /** `null`: it belongs to no alert. */
  readonly alertId: string | null;
  readonly logType: string;
  readonly eventTimeMs: number;
  readonly matchId: string;
  readonly mentions: readonly Mention[];
}

/** How many events of a log type mention an indicator. */
export interface SearchCount {
  readonly logType: string;
  readonly eventCount: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Where an indicator is mentioned. */
export interface SearchResult {
  /** What was looked for, in the form in which events hold it; of a network itself. */
  readonly searched: readonly Mention[];
  readonly fromMs: number;
  /** `null`: without an end. */
  readonly untilMs: number | null;
  /** Log types with mentions, by name. Every event counts, whatever `limit` says. */
  readonly logTypes: readonly SearchCount[];
  /** Newest first. */
  readonly events: readonly SearchedEvent[];
  /** All of them, whatever `limit` says. */
  readonly matchCount: number;
  /** Newest first. */
  readonly matches: readonly SearchedMatch[];
  /** `true`: there are more events or matches than are shown. */
  readonly truncated: boolean;
  readonly cost: QueryCost;
}
