import { expect, it } from 'vitest';
import { cronGaps } from '../../../framework/compile/schema/cron-gaps.ts';
import { nextScheduledAfter } from '../../../framework/runtime/schedule/schedule-times.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

it.each([
  ['* * * * *', minuteMs, minuteMs],
  ['*/15 * * * *', 15 * minuteMs, 15 * minuteMs],
  ['7,10 * * * *', 3 * minuteMs, 57 * minuteMs],
  ['0 8-18 * * *', hourMs, 14 * hourMs],
  ['15 6 * * *', dayMs, dayMs],
  ['0 9 * * 1-5', dayMs, 3 * dayMs],
  ['0 */6 * * 1-5', 6 * hourMs, 2 * dayMs + 6 * hourMs],
  ['0 0 * * 0', 7 * dayMs, 7 * dayMs],
  ['0 0 1 * *', 28 * dayMs, 31 * dayMs],
  ['0 0 31 * *', 31 * dayMs, 61 * dayMs],
  ['0 0 1 1 *', 365 * dayMs, 366 * dayMs],
  ['0 0 29 2 *', 1461 * dayMs, 1461 * dayMs],
])('%s fires at most and at least so far apart', (expression, shortestMs, longestMs) => {
  expect(cronGaps(expression)).toEqual([shortestMs, longestMs]);
});

it('agrees with every firing that the scheduler gives for two years', () => {
  for (const cron of ['13 3,20 * 1,6-9 *', '0 5 1,15 * *', '30 */5 * * 2,4', '0 12 13 * 5']) {
    const gaps: number[] = [];
    let lastMs = nextScheduledAfter({ cron }, Date.UTC(2027, 0, 1));
    while (lastMs < Date.UTC(2029, 0, 1)) {
      const nextMs = nextScheduledAfter({ cron }, lastMs);
      gaps.push(nextMs - lastMs);
      lastMs = nextMs;
    }
    const [shortestMs, longestMs] = cronGaps(cron);
    expect(Math.min(...gaps)).toBe(shortestMs);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(longestMs);
  }
});
