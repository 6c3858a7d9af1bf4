import { expect, test } from 'vitest';
import { nextScheduledAfter } from '../../../framework/runtime/schedule/index.ts';
import { lastScheduledUntil, oldestDue, staleBefore } from '../../../framework/runtime/schedule/schedule-times.ts';

const at = (text: string): number => Date.parse(`2026-${text}Z`);
const texts = (times: readonly number[]): readonly string[] =>
  times.map((time) => new Date(time).toISOString().slice(5, 16));
const hourly = { everyMs: 3_600_000 };

test.each([
  ['an interval counts from the epoch', { everyMs: 3_600_000 }, '03-02T10:17:00.000', '03-02T11:00'],
  ['a time exactly then is not after it', { everyMs: 3_600_000 }, '03-02T10:00:00.000', '03-02T11:00'],
  ['a millisecond before, it is', { everyMs: 3_600_000 }, '03-02T09:59:59.999', '03-02T10:00'],
  ['seven hours do not start anew at midnight', { everyMs: 25_200_000 }, '03-02T23:00:00.000', '03-03T06:00'],
  ['cron is in UTC', { cron: '0 6 * * 1-5' }, '03-06T06:00:00.000', '03-09T06:00'],
  ['cron with a step', { cron: '*/15 * * * *' }, '03-02T10:14:59.999', '03-02T10:15'],
  ['cron has no summer time', { cron: '30 2 * * *' }, '03-28T03:00:00.000', '03-29T02:30'],
] as const)('%s', (_, schedule, after, expected) => {
  expect(texts([nextScheduledAfter(schedule, at(after))])).toEqual([expected]);
});

test.each([
  [{ cron: '0 0 30 2 *' }, 'never comes'],
  [{ cron: '61 * * * *' }, 'not a cron expression'],
  [{ cron: '0 0 0 * * *' }, 'five fields'],
  [{ cron: '2026-01-01T00:00:00' }, 'five fields'],
  [{ everyMs: 0 }, 'never comes'],
  [{ everyMs: Number.NaN }, 'never comes'],
])('%j is refused', (schedule, message) => {
  expect(() => nextScheduledAfter(schedule, 0)).toThrow(
    expect.objectContaining({ code: 'SCHEDULE_INVALID', message: expect.stringContaining(message) }),
  );
});

test.each([
  ['nothing yet', '03-02T10:00:00', '03-02T10:59:59', []],
  ['the end of the interval belongs to it, its start does not', '03-02T10:00:00', '03-02T11:00:00', ['03-02T11:00']],
  ['the oldest of a few', '03-02T10:00:00', '03-02T12:30:00', ['03-02T11:00']],
  ['the oldest of as many as may be', '03-02T10:00:00', '03-02T13:30:00', ['03-02T11:00']],
])('due: %s', (_, after, until, expected) => {
  for (const schedule of [hourly, { cron: '0 * * * *' }]) {
    const due = oldestDue(schedule, at(after), at(until), 3);
    expect(texts(due ? [due.timeMs] : [])).toEqual(expected);
    expect(due?.missed).toBeUndefined();
  }
});

test.each([
  [1, '03-02T18:00', '03-02T17:00'],
  [2, '03-02T17:00', '03-02T16:00'],
  [7, '03-02T12:00', '03-02T11:00'],
])('due: of too many the oldest of the last %s, and where the others lie', (atMost, expected, lastMissed) => {
  for (const schedule of [hourly, { cron: '0 * * * *' }]) {
    const due = oldestDue(schedule, at('03-02T10:00:00'), at('03-02T18:30:00'), atMost);
    expect(texts([due?.timeMs ?? 0])).toEqual([expected]);
    expect(texts([due?.missed?.firstMs ?? 0, due?.missed?.lastMs ?? 0])).toEqual(['03-02T11:00', lastMissed]);
  }
});

test('the last times up to a moment include it', () => {
  for (const schedule of [hourly, { cron: '0 * * * *' }]) {
    expect(texts(lastScheduledUntil(schedule, at('03-02T10:00:00'), 2))).toEqual(['03-02T09:00', '03-02T10:00']);
  }
});

test.each([
  ['an hourly key after a day', hourly, '03-02T10:00:00.000', '03-01T10:00'],
  ['a daily key after two runs that missed it', { cron: '0 6 * * *' }, '03-05T06:00:00.000', '03-03T06:00'],
  ['a weekly key likewise', { everyMs: 604_800_000 }, '03-19T00:00:00.000', '03-05T00:00'],
  ['on Tuesday a key of Friday is not stale', { cron: '0 6 * * 1-5' }, '03-10T06:00:00.000', '03-06T06:00'],
  ['nor to a run by hand later that day', { cron: '0 6 * * 1-5' }, '03-10T11:17:00.000', '03-06T06:00'],
] as const)('stale: %s', (_, schedule, clock, expected) => {
  expect(texts([staleBefore(schedule, at(clock)) ?? 0])).toEqual([expected]);
});

test('stale: nothing is of a schedule that never comes', () => {
  expect(staleBefore({ cron: '0 0 30 2 *' }, at('03-02T10:00:00'))).toBeUndefined();
});
