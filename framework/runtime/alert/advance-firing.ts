import type { Alert, Notification } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import type { Detection } from '../../model/detection.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { RuleError, RuleMatch } from '../../model/rule-match.ts';
import type { AlertOutcome } from './alert-outcome.ts';
import { advanceKey, type FiringRun, type KeyStep } from './firing-key-step.ts';
import { groupRows } from './firing-rows.ts';
import type { FiringState } from './firing-state.ts';
import { keepStatus } from './keep-status.ts';

/** What {@link advanceFiring} works on: one run of a query, as one scheduled detection sees it. */
export interface AdvanceFiringInput {
  readonly detection: Detection;
  /** All matches of the run, those in State space 'match' too: a repeated run must not look like an empty one. */
  readonly matches: readonly RuleMatch[];
  /** `false`: the run failed or was truncated, so a key that is missing may still fire. */
  readonly complete: boolean;
  /** The SQL clock of the run. */
  readonly scheduledAtMs: number;
  /** Who asked for the run. One by hand resolves nothing and is no history for the schedule. @defaultValue 'schedule' */
  readonly trigger?: QueryRun['trigger'] | undefined;
  /** What was last returned before this clock counts as quiet; the scheduler knows it. @defaultValue nothing does */
  readonly staleBeforeMs?: number | undefined;
  readonly routing: Routing;
  /** What State space 'firing' holds under {@link firingKey}. */
  readonly firing: FiringState | undefined;
  /** What State space 'alert' holds under {@link firingAlertIds}, so that a closed alert stays closed. @defaultValue none */
  readonly alerts?: ReadonlyMap<string, Alert> | undefined;
  /** Processing time. */
  readonly nowMs: number;
}

/**
 * Moves the keys of a scheduled detection on by one run. Edge-triggered: what fires in successive runs is one alert.
 *
 * A key is what `dedup` gives; rows with the same key are one. It is *returned* by a run when it has at least
 * `threshold` distinct rows (with `unique`: distinct values) in that run; runs are never added up. Its states:
 *
 * - **quiet** (not stored). Returned → *firing*: a new alert, whose window starts at the scheduled time; notified.
 * - **firing**. Returned → stays: the alert's count, last time and summaries move on, nobody is notified. Unless a
 *   `renotify` column is above its value at the last notification: notified again. Not returned by a complete
 *   scheduled run whose clock is no older than the last run that did → *quiet*: the alert is resolved. Not returned by
 *   any other run → stays.
 * - **stale** (firing, but last returned before `staleBeforeMs`: runs failed, or there were none). Returned → the old
 *   alert is resolved, and *firing* with a new one; notified. Not returned: as *firing*.
 * - **closed** (firing, but somebody closed the alert). Returned → stays closed, silently; unless a `renotify` column
 *   is above its value at the last notification. That is new evidence, so → *firing* with a new alert; notified. Not
 *   returned by a complete scheduled run → *quiet*, so without `renotify` columns this is what re-arms the key.
 *
 * A run with an older clock than the newest scheduled run applied is history: its matches are recorded, no key
 * changes. A run with the same clock as the key's last is a repetition: it counts only rows beyond those already
 * counted. A run by hand opens keys and moves them on, and is never what makes a scheduled run history.
 *
 * Errors in the outcome are not alerted yet: hand them, with those of the detector, to `groupMatches`.
 */
export function advanceFiring(input: AdvanceFiringInput): AlertOutcome {
  const { detection, firing, scheduledAtMs, alerts } = input;
  const isScheduled = input.trigger !== 'manual';
  const lastScheduledAtMs = firing?.lastScheduledAtMs;
  if (!detection.alert || scheduledAtMs < (lastScheduledAtMs ?? Number.NEGATIVE_INFINITY)) {
    return collect([], firing);
  }
  const known = new Map(
    (firing?.keys ?? []).map((key) => [key.dedup, { ...key, alert: keepStatus(key.alert, alerts) }]),
  );
  const groups = groupRows(input.matches, detection);
  const run: FiringRun = { ...input, canResolve: input.complete && isScheduled };
  const dedups = [...new Set([...known.keys(), ...groups.keys()])].sort();
  const steps = dedups.map((dedup) => advanceKey(run, known.get(dedup), groups.get(dedup)));
  return collect(steps, {
    lastScheduledAtMs: isScheduled ? scheduledAtMs : lastScheduledAtMs,
    keys: steps.flatMap((step) => (step.key ? [step.key] : [])),
  });
}

function collect(steps: readonly KeyStep[], firing: FiringState | undefined): AlertOutcome {
  const notifications: Notification[] = steps.flatMap((step) => step.notification ?? []);
  const errors: RuleError[] = steps.flatMap((step) => step.errors ?? []);
  return {
    windows: new Map(),
    ...(firing ? { firing } : {}),
    alerts: steps.flatMap((step) => [step.replaced ?? [], step.alert ?? []].flat()),
    links: steps.flatMap((step) => step.links ?? []),
    notifications,
    raised: steps.flatMap((step) =>
      step.alert && step.reason ? [{ alertId: step.alert.alertId, reason: step.reason }] : [],
    ),
    errors,
  };
}
