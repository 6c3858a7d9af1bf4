import { expect, it } from 'vitest';
import { readTime } from '../../../framework/runtime/normalise/read-event-time.ts';

it.each<readonly [unknown, string | undefined]>([
  ['2026-03-02T09:14:27.381Z', '2026-03-02T09:14:27.381Z'],
  ['2026-03-02T09:14:27Z', '2026-03-02T09:14:27.000Z'],
  ['2026-03-02t09:14:27.3z', '2026-03-02T09:14:27.300Z'],
  ['2026-03-02 09:14:27.123456789Z', '2026-03-02T09:14:27.123Z'],
  ['2026-03-02T09:14:27+02:00', '2026-03-02T07:14:27.000Z'],
  ['2026-03-02T09:14:27-0530', '2026-03-02T14:44:27.000Z'],
  ['2026-03-02T09:14:27', '2026-03-02T09:14:27.000Z'],
  ['2026-03-02 09:14:27 +00:00', '2026-03-02T09:14:27.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  [1_772_442_867, '2026-03-02T09:14:27.000Z'],
  [1_772_442_867.381, '2026-03-02T09:14:27.381Z'],
  [1_772_442_867_381, '2026-03-02T09:14:27.381Z'],
  ['1772442867381', '2026-03-02T09:14:27.381Z'],
  ['1772442867', '2026-03-02T09:14:27.000Z'],
  [0, '1970-01-01T00:00:00.000Z'],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-02-30T00:00:00.000Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-03-02T24:00:00Z', undefined],
  ['2026-03-02T09:60:00Z', undefined],
  ['2026-03-02T09:00:00+24:00', undefined],
  ['2026-03-02', undefined],
  ['Mon, 02 Mar 2026 09:14:27 GMT', undefined],
  ['1969-12-31T23:59:59Z', undefined],
  [-1, undefined],
  [1e18, undefined],
  [Number.NaN, undefined],
  ['', undefined],
  [true, undefined],
  [null, undefined],
  [undefined, undefined],
  [{}, undefined],
])('%j is the time %s', (value, expected) => {
  const timeMs = readTime(value);
  expect(timeMs === undefined ? undefined : new Date(timeMs).toISOString()).toBe(expected);
});
