import { canonicalJson } from './canonical-json.ts';
import { MargayError } from './margay-error.ts';
import type { Space } from './state.ts';

/**
 * One expectation of a compare-and-swap: the stored value and the expected one have the same canonical JSON.
 *
 * @throws STATE_CONFLICT when they differ.
 */
export function expectValue(space: Space, key: string, stored: unknown, expected: unknown): void {
  if (stored === expected) return;
  const isSame = stored !== undefined && expected !== undefined && canonicalJson(stored) === canonicalJson(expected);
  if (isSame) return;
  const found = stored === undefined ? 'no value' : 'another value';
  throw new MargayError('STATE_CONFLICT', `'${key}' in '${space}' holds ${found}, not the expected one.`, {
    hint: 'Read it again and decide on what it holds now.',
  });
}
