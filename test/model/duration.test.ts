import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../framework/model/duration.ts';

it.each([
  ['90m', 5_400_000],
  ['1h30m', 5_400_000],
  ['30 days', 2_592_000_000],
  ['2w', 1_209_600_000],
  ['250ms', 250],
])('%s is %d milliseconds', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

it.each(['', '30', 'd', '30 fortnights', '1h, 30m', '-1h'])("'%s' is refused with a hint", (text) => {
  expect(() => parseDuration(text)).toThrow(
    expect.objectContaining({ code: 'MODEL_DURATION_INVALID', hint: expect.stringContaining('30d') }),
  );
});

it.each([
  [250, '250ms'],
  [3_600_000, '1h'],
  [5_400_000, '1h30m'],
  [2_592_000_000, '30d'],
])('%d milliseconds read as %s', (durationMs, expected) => {
  expect(formatDuration(durationMs)).toBe(expected);
});
