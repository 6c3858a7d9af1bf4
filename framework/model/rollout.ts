import { formatDuration } from './duration.ts';

/** How a new version of a live detection proves itself before it alerts. */
export interface RolloutRule {
  /** How long it runs in the shadow at least, in milliseconds. */
  readonly shadowMs: number;
  /** The most alerts that it may have raised on any day of that time. Absent: any number. */
  readonly maxAlertsPerDay?: number | undefined;
}

/** What a new version did in the shadow so far. */
export interface Trial {
  readonly version: string;
  readonly sinceMs: number;
  /** Events of its log types; of a detection over a scheduled query, runs of that. */
  readonly evaluated: number;
  readonly matches: number;
  readonly errors: number;
  /** The last one, for whoever asks why it is still in the shadow. */
  readonly lastError?: string | undefined;
  /** Alerts raised on each day, counted from the start. */
  readonly alertsByDay: readonly number[];
}

/** A detection whose new version is tried. JSON; kept in State space 'rollout' under the first id while that lasts. */
export interface Rollout {
  readonly ruleId: string;
  /** What alerts meanwhile, and the bundle that it is of. Absent: a new detection, of which nothing does. */
  readonly live?: { readonly version: string; readonly digest: string } | undefined;
  readonly trial: Trial;
  /** Versions that were tried and replaced, or are being tried: none of them ever alerted. */
  readonly unproven: readonly string[];
}

/** Whether a trial may end: `waiting` for time or events; `held` until somebody promotes it or changes it; `ready`. */
export interface Verdict {
  readonly status: 'waiting' | 'held' | 'ready';
  readonly reason: string;
}

const dayMs = 86_400_000;

/** The day of a trial that a time belongs to, from 0. */
export function trialDay({ sinceMs }: Pick<Trial, 'sinceMs'>, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - sinceMs) / dayMs));
}

/** Judges a trial: it must have evaluated something, raised no errors, stayed in its budget, and lasted long enough. */
export function judgeTrial(trial: Trial, rule: RolloutRule, nowMs: number): Verdict {
  const { errors, lastError, alertsByDay, evaluated, sinceMs } = trial;
  if (errors > 0) {
    return {
      status: 'held',
      reason: `It raised ${errors} ${errors === 1 ? 'error' : 'errors'}, the last: ${lastError}`,
    };
  }
  const { maxAlertsPerDay: budget, shadowMs } = rule;
  const over = budget === undefined ? -1 : alertsByDay.findIndex((alerts) => (alerts ?? 0) > budget);
  if (over >= 0) {
    const reason = `It raised ${alertsByDay[over]} alerts on day ${over + 1}, and ${budget} a day are its budget.`;
    return { status: 'held', reason };
  }
  const leftMs = sinceMs + shadowMs - nowMs;
  if (leftMs > 0) return { status: 'waiting', reason: `Its window ends in ${formatDuration(roundUp(leftMs))}.` };
  if (evaluated === 0) return { status: 'waiting', reason: 'It has evaluated nothing yet.' };
  return { status: 'ready', reason: 'It is promoted at the next look.' };
}

/** What is left is told in whole minutes. */
function roundUp(durationMs: number): number {
  return Math.ceil(durationMs / 60_000) * 60_000;
}
