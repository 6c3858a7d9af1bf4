import { cronGaps } from '../schema/cron-gaps.ts';
import type { QueryContent } from '../schema/query-schema.ts';

/** How far apart the runs of a query are, in milliseconds. */
export interface RunIntervals {
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** The shortest and the longest time between two scheduled times. */
export function runIntervals({ cron, every }: QueryContent['schedule']): RunIntervals {
  const [shortestMs, longestMs] = cron === undefined ? [every as number, every as number] : cronGaps(cron);
  return { shortestMs, longestMs };
}
