import type { Schedule } from '../../../model/scheduled-query.ts';
import { lastScheduledUntil, nextScheduledAfter } from '../../schedule/index.ts';
import type { Window } from './plan-scan.ts';

/** The times at which a query is run again. */
export interface RunTimes {
  /** Oldest first. */
  readonly timesMs: readonly number[];
  /** `daily`: there are more scheduled times than may be run; of each day the last is taken. */
  readonly kind: 'scheduled' | 'daily';
}

const dayMs = 86_400_000;

/**
 * The scheduled times of a query in a window, its end included, or the last of each day when there are more than
 * `maxRuns`.
 *
 * @throws SCHEDULE_INVALID when the schedule never comes.
 */
export function runTimes(schedule: Schedule, window: Window, maxRuns: number): RunTimes {
  const timesMs: number[] = [];
  let timeMs = nextScheduledAfter(schedule, window.fromMs);
  while (timeMs <= window.untilMs && timesMs.length <= maxRuns) {
    timesMs.push(timeMs);
    timeMs = nextScheduledAfter(schedule, timeMs);
  }
  if (timesMs.length <= maxRuns) return { timesMs, kind: 'scheduled' };
  return { timesMs: lastOfDays(schedule, window).slice(-maxRuns), kind: 'daily' };
}

function lastOfDays(schedule: Schedule, { fromMs, untilMs }: Window): readonly number[] {
  const found = new Set<number>();
  for (let dayEndMs = (Math.floor(fromMs / dayMs) + 1) * dayMs; dayEndMs - dayMs <= untilMs; dayEndMs += dayMs) {
    const [lastMs] = lastScheduledUntil(schedule, Math.min(dayEndMs - 1, untilMs), 1);
    if (lastMs !== undefined && lastMs > fromMs) found.add(lastMs);
  }
  return [...found].sort((a, b) => a - b);
}

/** What the runs leave out. */
export function notesOfRuns(
  times: RunTimes,
  { failedRuns, failure }: { readonly failedRuns: number; readonly failure?: string | undefined },
): readonly string[] {
  const count = times.timesMs.length;
  return [
    ...(times.kind === 'daily'
      ? [`Its query has too many scheduled times: it was run once a day, ${count} times.`]
      : []),
    ...(failedRuns > 0 ? [`${failedRuns} of ${count} runs of the query failed and count for nothing: ${failure}`] : []),
  ];
}
