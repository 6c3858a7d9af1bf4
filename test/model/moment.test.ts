import { expect, it } from 'vitest';
import { parseMoment } from '../../framework/model/moment.ts';

const nowMs = Date.UTC(2026, 2, 1, 12);

it.each<readonly [text: string, expected: number | undefined]>([
  ['24h', Date.UTC(2026, 1, 28, 12)],
  ['1h30m', Date.UTC(2026, 2, 1, 10, 30)],
  ['2026-02-01', Date.UTC(2026, 1, 1)],
  ['2026-02-01T06:00', Date.UTC(2026, 1, 1, 6)],
  ['2026-02-01T06:00:00+01:00', Date.UTC(2026, 1, 1, 5)],
  ['2026-13-01', undefined],
  ['noon', undefined],
  ['', undefined],
  ['999999999999d', undefined],
])('%j is a moment, or none', (text, expected) => {
  expect(parseMoment(text, nowMs)).toBe(expected);
});
