import { expect, it } from 'vitest';
import { holdAgainstLimits } from './hold-against-limits.ts';

it.each([
  ['at the limits', 10_000, 150, [true, true]],
  ['a slow median', 10_000.1, 20, [false, true]],
  ['slow timelines', 3_000, 150.1, [true, false]],
  ['nothing measured', Number.NaN, Number.NaN, [false, false]],
])('%s', (_, eventTestsMedianMs, timelineP95Ms, kept) => {
  const figures = holdAgainstLimits({ eventTestsMedianMs, timelineP95Ms });
  expect(figures.map(({ isKept }) => isKept)).toEqual(kept);
  expect(figures).toMatchObject([
    { name: 'eventTestsMedianMs', limitMs: 10_000, measuredMs: eventTestsMedianMs },
    { name: 'timelineP95Ms', limitMs: 150, measuredMs: timelineP95Ms },
  ]);
});
