import type { Event } from './event.ts';
import type { Level } from './level.ts';

/** The stage a match was made in. */
export type Stage = 'live' | 'shadow';

/** One event (or row) for which a detection was true, with everything its alert needs. */
export interface RuleMatch {
  /** hash(first id, stage, row id). */
  readonly matchId: string;
  readonly ruleId: string;
  readonly ruleFirstId: string;
  readonly ruleVersion: string;
  readonly stage: Stage;
  readonly rowId: string;
  /** The log type, or `query:<id>` for a row of a scheduled query. */
  readonly logType: string;
  readonly eventTimeMs: number;
  readonly title: string;
  readonly level: Level;
  readonly dedup: string;
  readonly description: string;
  readonly runbook: string;
  readonly references: readonly string[];
  /** As {@link Detection.destinations}. */
  readonly destinations?: readonly string[] | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly unique?: string | undefined;
  /** `p_any_*` name → sorted values. */
  readonly indicators: Readonly<Record<string, readonly string[]>>;
  /** The event, or the row. */
  readonly event: Event | Readonly<Record<string, unknown>>;
}

/** A detection function that threw, returned the wrong type, or did not return. */
export interface RuleError {
  /** As `ruleErrorId` makes it. */
  readonly errorId: string;
  readonly ruleId: string;
  readonly ruleFirstId: string;
  readonly ruleVersion: string;
  readonly stage: Stage;
  /** The function that failed; `destinations` also for an unknown name. */
  readonly functionName: string;
  /** The error's class: `TypeError`, `WrongReturnType`, `Timeout`, `UnknownDestination`. */
  readonly errorClass: string;
  readonly message: string;
  readonly rowId: string;
  readonly logType: string;
  readonly eventTimeMs: number;
}
