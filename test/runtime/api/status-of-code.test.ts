import { expect, it } from 'vitest';
import { statusOfCode } from '../../../framework/runtime/api/status-of-code.ts';

it.each([
  ['LOG_KEY_REUSED', 422],
  ['LAKE_BUSY', 429],
  ['LOG_CORRUPT', 500],
] as const)('%s is answered with %i', (code, status) => {
  expect(statusOfCode(code)).toBe(status);
});
