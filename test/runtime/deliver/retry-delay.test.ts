import { expect, test } from 'vitest';
import { parseRetryAfter, retryDelay } from '../../../framework/runtime/deliver/retry-delay.ts';

test.each([
  [1, 0, undefined, 2_000],
  [1, 1, undefined, 1_000],
  [3, 0, undefined, 32_000],
  [3, 0.5, undefined, 24_000],
  [9, 0, undefined, 3_600_000],
  [1, 1, 60_000, 60_000],
  [1, 1, 1e12, 86_400_000],
])(
  'after attempt %i with random %d and Retry-After %s the wait is known',
  (attempts, random, retryAfterMs, expected) => {
    expect(retryDelay(attempts, random, retryAfterMs)).toBe(expected);
  },
);

test.each([
  [null, undefined],
  ['7', 7_000],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 5_000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
])('Retry-After %s', (header, expected) => {
  expect(parseRetryAfter(header, 5_000)).toBe(expected);
});
