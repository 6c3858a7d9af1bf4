import { expect, it } from 'vitest';
import { exitCodeOf } from '../../framework/cli/exit-code.ts';
import type { ErrorCode } from '../../framework/model/error-codes.ts';
import { MargayError } from '../../framework/model/margay-error.ts';

it.each([
  ['COMPILE_KEY_UNKNOWN', 2],
  ['MODEL_PATH_INVALID', 2],
  ['API_BUNDLE_TESTS_FAILED', 2],
  ['API_QUERY_INVALID', 2],
  ['LAKE_QUERY_FAILED', 2],
  ['LAKE_QUERY_TIMEOUT', 2],
  ['LAKE_NUMBER_TOO_LARGE', 2],
  ['LAKE_CLOSED', 3],
  ['API_TOKEN_WRONG', 3],
  ['API_FAILED', 70],
  ['CLI_RUNTIME_UNREACHABLE', 3],
  ['STATE_CONFLICT', 3],
] as const satisfies readonly (readonly [ErrorCode, number])[])('%s exits with %i', (code, exitCode) => {
  expect(exitCodeOf(new MargayError(code, 'wrong'))).toBe(exitCode);
});

it.each([[new TypeError('x is not a function')], ['a text'], [undefined]])('%s is our bug: 70', (error) => {
  expect(exitCodeOf(error)).toBe(70);
});
