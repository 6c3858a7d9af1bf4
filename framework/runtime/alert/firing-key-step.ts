import type { Alert, Notification } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import type { Detection } from '../../model/detection.ts';
import type { RuleError, RuleMatch } from '../../model/rule-match.ts';
import { stableId } from '../../model/stable-id.ts';
import type { AlertOutcome } from './alert-outcome.ts';
import { type AlertProgress, matchCandidate, raiseAlert } from './candidate.ts';
import { hasIncreased, type RowGroup } from './firing-rows.ts';
import type { FiringKey } from './firing-state.ts';
import { notificationOf } from './open-window.ts';
import { openTallies, type TallyBook } from './value-tally.ts';
import type { Evidence } from './window-state.ts';

/** The run that keys are moved by. */
export interface FiringRun {
  readonly detection: Detection;
  readonly routing: Routing;
  readonly scheduledAtMs: number;
  /** It is complete and of the schedule, so that a key that is missing is over. */
  readonly canResolve: boolean;
  readonly staleBeforeMs?: number | undefined;
  readonly nowMs: number;
}

/** What one run did to one key. */
export interface KeyStep {
  /** Absent: the key is quiet. */
  readonly key?: FiringKey | undefined;
  /** The alert that is new or has changed. */
  readonly alert?: Alert | undefined;
  /** The resolved alert of a stale key, in whose place `alert` is. */
  readonly replaced?: Alert | undefined;
  readonly reason?: Notification['reason'] | undefined;
  readonly notification?: Notification | undefined;
  readonly links?: AlertOutcome['links'] | undefined;
  readonly errors?: readonly RuleError[] | undefined;
}

/** One transition of the state machine above `advanceFiring`. */
export function advanceKey(run: FiringRun, key: FiringKey | undefined, rows: RowGroup | undefined): KeyStep {
  if (!rows) return key ? miss(run, key) : {};
  if (!key) return fire(run, rows);
  if (key.lastRunAtMs < (run.staleBeforeMs ?? Number.NEGATIVE_INFINITY)) return replace(run, key, rows);
  const isNewEvidence = hasIncreased(rows.renotify, key.notified);
  if (key.alert.status !== 'open') return isNewEvidence ? fire(run, rows) : keepFiring(run, key, rows);
  return isNewEvidence ? notifyAgain(run, key, rows) : keepFiring(run, key, rows);
}

function miss(run: FiringRun, key: FiringKey): KeyStep {
  // A run by hand may have returned the key with a newer clock; of that time this run knows nothing.
  if (!run.canResolve || key.lastRunAtMs > run.scheduledAtMs) return { key };
  return { alert: resolved(key.alert, run.nowMs) };
}

/** The key of a condition that may have ended long ago, unseen: what is returned now is a new edge. */
function replace(run: FiringRun, key: FiringKey, rows: RowGroup): KeyStep {
  return { ...fire(run, rows), replaced: resolved(key.alert, run.nowMs) };
}

/** The alert when its condition is over; `undefined` when it is not open: then there is nothing to change. */
export function resolved(alert: Alert, nowMs: number): Alert | undefined {
  return alert.status === 'open' ? { ...alert, status: 'resolved', updatedAtMs: nowMs } : undefined;
}

function fire(run: FiringRun, rows: RowGroup): KeyStep {
  const { detection, scheduledAtMs, nowMs } = run;
  const [first] = rows.matches;
  const alertId = stableId(first.ruleFirstId, first.stage, first.dedup, new Date(scheduledAtMs).toISOString());
  const book = openTallies();
  const progress = countRows(book, rows.matches, nowMs);
  const { alert, errors } = raiseAlert(alertId, matchCandidate(first, 'scheduled'), progress, detection, run.routing);
  return {
    key: {
      dedup: rows.dedup,
      alert,
      tallies: book.toTallies(),
      notified: rows.renotify,
      lastRunAtMs: scheduledAtMs,
      lastRunRows: rows.matches.length,
    },
    alert,
    reason: 'created',
    notification: alert.destinations.length > 0 ? notificationOf(alert, 'created', evidenceOf(rows)) : undefined,
    links: linksTo(alert, rows),
    errors,
  };
}

function notifyAgain(run: FiringRun, key: FiringKey, rows: RowGroup): KeyStep {
  const step = keepFiring(run, key, rows);
  if (!step.key || !step.alert) return step;
  const isHeard = step.alert.destinations.length > 0;
  const alert = { ...step.alert, notifications: step.alert.notifications + (isHeard ? 1 : 0) };
  return {
    ...step,
    alert,
    key: { ...step.key, alert, notified: { ...key.notified, ...rows.renotify } },
    reason: 'renotified',
    notification: isHeard ? notificationOf(alert, 'renotified', evidenceOf(rows)) : undefined,
  };
}

function keepFiring(run: FiringRun, key: FiringKey, rows: RowGroup): KeyStep {
  const { scheduledAtMs } = run;
  // A repeated run (same clock) has counted its rows before.
  const counted = key.lastRunAtMs === scheduledAtMs ? key.lastRunRows : 0;
  const fresh = rows.matches.slice(counted);
  const book = openTallies(key.tallies);
  const progress = countRows(book, fresh, run.nowMs);
  const alert: Alert = {
    ...key.alert,
    updatedAtMs: run.nowMs,
    matchCount: key.alert.matchCount + progress.matchCount,
    firstEventTimeMs: Math.min(key.alert.firstEventTimeMs, progress.firstEventTimeMs),
    lastEventTimeMs: Math.max(key.alert.lastEventTimeMs, progress.lastEventTimeMs),
    summaries: progress.summaries,
  };
  return {
    key: {
      ...key,
      alert,
      tallies: book.toTallies(),
      // A run of the schedule may come after one by hand with a newer clock.
      ...(scheduledAtMs < key.lastRunAtMs
        ? {}
        : { lastRunAtMs: scheduledAtMs, lastRunRows: Math.max(counted, rows.matches.length) }),
    },
    alert,
    links: linksTo(alert, rows),
  };
}

function countRows(book: TallyBook, matches: readonly RuleMatch[], nowMs: number): AlertProgress {
  for (const match of matches) book.add({ ...match.context, ...match.indicators });
  const times = matches.map((match) => match.eventTimeMs);
  return {
    updatedAtMs: nowMs,
    matchCount: matches.length,
    // Of no times: Infinity and -Infinity, which min and max with the alert's own times leave out.
    firstEventTimeMs: times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY),
    lastEventTimeMs: times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY),
    summaries: book.summaries(),
  };
}

function linksTo(alert: Alert, rows: RowGroup): AlertOutcome['links'] {
  return rows.matches.map(({ matchId }) => ({ matchId, alertId: alert.alertId }));
}

function evidenceOf(rows: RowGroup): readonly Evidence[] {
  return rows.matches.map(({ eventTimeMs, context }) => ({ eventTimeMs, context }));
}
