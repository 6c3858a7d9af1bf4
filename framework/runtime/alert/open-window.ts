import type { Alert, Notification } from '../../model/alert.ts';
import { stableId } from '../../model/stable-id.ts';
import type { AlertProgress, Candidate } from './candidate.ts';
import { openTallies, type TallyBook } from './value-tally.ts';
import { type AlertWindow, type Evidence, maxEvidence, maxPendingMatches } from './window-state.ts';

/** One thing that joins a window: a match, or an error of a detection. */
export interface Occurrence {
  /** The window's key in State space 'window'. */
  readonly key: string;
  readonly rule: WindowRule;
  /** Linked to the alert; errors have none. */
  readonly matchId?: string | undefined;
  /** Where it falls among the windows. */
  readonly windowTimeMs: number;
  readonly candidate: Candidate;
  /** Counted for the alert's summaries. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly unique?: string | undefined;
}

/** How long a window is, and when its alert is made. */
export interface WindowRule {
  readonly periodMs: number;
  /** Matches, or with `countsUnique` distinct values of `unique`, that the alert needs. */
  readonly threshold: number;
  readonly countsUnique: boolean;
}

/** A window while one call works on it. */
export interface OpenWindow {
  readonly startMs: number;
  readonly endMs: number;
  touchedAtMs: number;
  count: number;
  firstEventTimeMs: number;
  lastEventTimeMs: number;
  readonly book: TallyBook;
  /** Of the first match; what the alert will be made of. */
  readonly candidate: Candidate | undefined;
  readonly evidence: Evidence[];
  /** Ids not linked yet. */
  readonly matchIds: string[];
  readonly uniques: Set<string>;
  alert: Alert | undefined;
}

/** Takes a stored window up again. */
export function reopenWindow(window: AlertWindow): OpenWindow {
  const { startMs, endMs, touchedAtMs, count, firstEventTimeMs, lastEventTimeMs, alert, waiting } = window;
  return {
    ...{ startMs, endMs, touchedAtMs, count, firstEventTimeMs, lastEventTimeMs, alert },
    book: openTallies(window.tallies),
    candidate: waiting?.candidate,
    evidence: [...(waiting?.evidence ?? [])],
    matchIds: [...(waiting?.matchIds ?? [])],
    uniques: new Set(waiting?.uniques),
  };
}

/** A window anchored at an occurrence, which has yet to join it. */
export function anchorWindow(occurrence: Occurrence): OpenWindow {
  const { windowTimeMs, rule, candidate } = occurrence;
  return {
    startMs: windowTimeMs,
    endMs: windowTimeMs + Math.max(1, rule.periodMs),
    touchedAtMs: 0,
    count: 0,
    firstEventTimeMs: candidate.origin.eventTimeMs,
    lastEventTimeMs: candidate.origin.eventTimeMs,
    book: openTallies(),
    candidate,
    evidence: [],
    matchIds: [],
    uniques: new Set(),
    alert: undefined,
  };
}

/** Adds an occurrence to a window. */
export function joinWindow(window: OpenWindow, occurrence: Occurrence, nowMs: number): void {
  const { origin, context } = occurrence.candidate;
  window.touchedAtMs = nowMs;
  window.count++;
  window.firstEventTimeMs = Math.min(window.firstEventTimeMs, origin.eventTimeMs);
  window.lastEventTimeMs = Math.max(window.lastEventTimeMs, origin.eventTimeMs);
  window.book.add(occurrence.fields);
  const { matchId, unique, rule } = occurrence;
  if (matchId !== undefined) window.matchIds.push(matchId);
  if (window.alert) return;
  if (window.evidence.length < maxEvidence) window.evidence.push({ eventTimeMs: origin.eventTimeMs, context });
  if (unique !== undefined && window.uniques.size < rule.threshold) window.uniques.add(stableId(unique));
}

/** Whether the threshold is reached. Without `unique` values a threshold that counts them is never reached. */
export function isDue(window: OpenWindow, rule: WindowRule): boolean {
  return (rule.countsUnique ? window.uniques.size : window.count) >= rule.threshold;
}

/** The alert's figures as the window has them. */
export function windowProgress(window: OpenWindow, nowMs: number): AlertProgress {
  return {
    updatedAtMs: nowMs,
    firstEventTimeMs: window.firstEventTimeMs,
    lastEventTimeMs: window.lastEventTimeMs,
    matchCount: window.count,
    summaries: window.book.summaries(),
  };
}

/** The window as it is stored. */
export function storeWindow(window: OpenWindow): AlertWindow {
  const { startMs, endMs, touchedAtMs, count, firstEventTimeMs, lastEventTimeMs, alert, candidate } = window;
  const { evidence } = window;
  // Only what is stored is capped: all matches of the call that raises the alert are linked.
  const matchIds = window.matchIds.slice(0, maxPendingMatches);
  return {
    ...{ startMs, endMs, touchedAtMs, count, firstEventTimeMs, lastEventTimeMs },
    tallies: window.book.toTallies(),
    ...(alert ? { alert } : {}),
    ...(!alert && candidate ? { waiting: { candidate, evidence, matchIds, uniques: [...window.uniques] } } : {}),
  };
}

/** The notification of an alert as it stands. */
export function notificationOf(
  alert: Alert,
  reason: Notification['reason'],
  evidence: readonly Evidence[],
): Notification {
  return {
    notificationId: stableId(alert.alertId, String(alert.notifications)),
    alert,
    reason,
    evidence: evidence.slice(0, maxEvidence),
  };
}
