import { Cron } from 'croner';
import { MargayError } from '../../model/margay-error.ts';
import type { Schedule } from '../../model/scheduled-query.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What is due of a schedule. */
export interface DueTime {
  /** The oldest time that is to be run. */
  readonly timeMs: number;
  /** Due times before it, which are too many to catch up: the first and the last. */
  readonly missed?: { readonly firstMs: number; readonly lastMs: number } | undefined;
}

/**
 * The first scheduled time after a moment, in milliseconds: of a cron expression in UTC, of an interval the next
 * multiple counted from the Unix epoch. A time exactly at `afterMs` is not after it.
 *
 * @throws SCHEDULE_INVALID when the schedule never comes.
 */
export function nextScheduledAfter(schedule: Schedule, afterMs: number): number {
  if ('everyMs' in schedule) {
    const everyMs = intervalOf(schedule);
    return (Math.floor(afterMs / everyMs) + 1) * everyMs;
  }
  const next = parseCron(schedule.cron).nextRun(new Date(afterMs));
  if (!next) throw invalid(`'${schedule.cron}' never comes.`);
  return next.getTime();
}

/** The last `count` scheduled times up to and including a moment, oldest first. @throws SCHEDULE_INVALID */
export function lastScheduledUntil(schedule: Schedule, untilMs: number, count: number): readonly number[] {
  if ('everyMs' in schedule) {
    const everyMs = intervalOf(schedule);
    const lastMs = Math.floor(untilMs / everyMs) * everyMs;
    return Array.from({ length: count }, (_, index) => lastMs - (count - 1 - index) * everyMs);
  }
  const runs = parseCron(schedule.cron).previousRuns(count, new Date(untilMs + 1));
  return runs.map((run) => run.getTime()).reverse();
}

/**
 * The oldest of the `atMost` most recent scheduled times in the half-open interval (afterMs, untilMs].
 *
 * @throws SCHEDULE_INVALID
 */
export function oldestDue(schedule: Schedule, afterMs: number, untilMs: number, atMost: number): DueTime | undefined {
  const firstMs = nextScheduledAfter(schedule, afterMs);
  if (firstMs > untilMs) return undefined;
  const leastMs = 'everyMs' in schedule ? schedule.everyMs : minuteMs;
  // They need not be counted where so many have no room.
  if (untilMs - firstMs < atMost * leastMs) return { timeMs: firstMs };
  let timeMs = untilMs + 1;
  for (let count = 0; count < atMost && timeMs > firstMs; count++) {
    timeMs = lastScheduledUntil(schedule, timeMs - 1, 1)[0] ?? firstMs;
  }
  if (timeMs <= firstMs) return { timeMs: firstMs };
  return { timeMs, missed: { firstMs, lastMs: lastScheduledUntil(schedule, timeMs - 1, 1)[0] ?? firstMs } };
}

/**
 * What was last found before this is stale to a run with its clock at `clockMs`: a day before, or the scheduled time
 * two before the last one, whichever is earlier. So one failed run makes nothing stale, however long the interval.
 * `undefined` when the schedule has not come so often. @throws SCHEDULE_INVALID
 */
export function staleBefore(schedule: Schedule, clockMs: number): number | undefined {
  const [twoBeforeMs, , lastMs] = lastScheduledUntil(schedule, clockMs, 3);
  if (twoBeforeMs === undefined || lastMs === undefined) return undefined;
  return Math.min(clockMs - dayMs, twoBeforeMs);
}

function intervalOf(schedule: { readonly everyMs: number }): number {
  if (Number.isSafeInteger(schedule.everyMs) && schedule.everyMs > 0) return schedule.everyMs;
  throw invalid(`An interval of ${schedule.everyMs} ms never comes.`);
}

function parseCron(pattern: string): Cron {
  // Croner also reads dates and other numbers of fields.
  if (pattern.trim().split(/\s+/).length !== 5) throw invalid(`'${pattern}' has not five fields.`);
  try {
    return new Cron(pattern, { timezone: 'UTC', mode: '5-part', paused: true });
  } catch (cause) {
    throw invalid(`'${pattern}' is not a cron expression.`, cause);
  }
}

function invalid(message: string, cause?: unknown): MargayError {
  const hint = "Write five fields, minute first ('0 6 * * 1-5'), or an interval ('every: 1h').";
  return new MargayError('SCHEDULE_INVALID', message, { hint, cause });
}
