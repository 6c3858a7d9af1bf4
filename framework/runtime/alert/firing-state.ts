import type { Alert } from '../../model/alert.ts';
import type { Stage } from '../../model/rule-match.ts';
import type { FieldTally } from './value-tally.ts';

/** The keys that fire of one scheduled detection. JSON; kept in State space 'firing' under {@link firingKey}. */
export interface FiringState {
  /** The newest scheduled run that was applied. Older runs are history: they change nothing. Absent: none was yet. */
  readonly lastScheduledAtMs?: number | undefined;
  /** In code-unit order of `dedup`. */
  readonly keys: readonly FiringKey[];
}

/** One dedup key that fires. */
export interface FiringKey {
  readonly dedup: string;
  readonly alert: Alert;
  readonly tallies: readonly FieldTally[];
  /** The `renotify` columns as they were when somebody was last notified. */
  readonly notified: Readonly<Record<string, RenotifyValue>>;
  /** The newest run that returned the key, by its clock, and with how many rows: a repeated run counts once. */
  readonly lastRunAtMs: number;
  readonly lastRunRows: number;
}

/** Values that can be seen to increase: numbers, and texts that sort as they grow, such as timestamps. */
export type RenotifyValue = number | string;

/** The key of a detection in State space 'firing'. */
export function firingKey(firstId: string, stage: Stage): string {
  return `${firstId}/${stage}`;
}

/**
 * Ids of the alerts that fire, to be read from State space 'alert' before {@link advanceFiring} or
 * {@link retireFiring}: what somebody closed stays closed only when their status is given.
 */
export function firingAlertIds(firing: FiringState | undefined): readonly string[] {
  return firing?.keys.map((key) => key.alert.alertId) ?? [];
}
