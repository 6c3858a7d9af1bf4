import { canonicalJson } from '../../model/canonical-json.ts';
import { isRecord } from '../../model/path.ts';
import type { Row } from '../../model/table.ts';

/** How an exact set differs: what was expected and not found, and what was found and not expected. */
export interface SetDifference {
  readonly missing: readonly Row[];
  readonly unexpected: readonly Row[];
}

/**
 * Compares exact sets, each expectation on the fields that it names. Order does not count. Every found item must
 * be claimed by one expectation; the pairing tries alternatives, so that a loose expectation does not take the
 * item that a stricter one needs.
 *
 * @param summary - The fields that name an unexpected item when no expectation names any.
 * @returns `undefined` when the sets agree. Unexpected items show the fields that the expectations name.
 */
export function compareSets(
  expected: readonly Row[],
  found: readonly Row[],
  summary: readonly string[] = [],
): SetDifference | undefined {
  const ownerOf = new Map<number, number>();
  const unmatched = expected.filter((_, index) => !claim(index, new Set()));
  const claimed = new Set(ownerOf.keys());
  const unexpected = found.filter((_, index) => !claimed.has(index)).map((item) => pickNamed(item, expected, summary));
  return unmatched.length === 0 && unexpected.length === 0 ? undefined : { missing: unmatched, unexpected };

  function claim(index: number, tried: Set<number>): boolean {
    for (const [place, item] of found.entries()) {
      if (tried.has(place) || !agrees(expected[index], item)) continue;
      tried.add(place);
      const owner = ownerOf.get(place);
      if (owner === undefined || claim(owner, tried)) {
        ownerOf.set(place, index);
        return true;
      }
    }
    return false;
  }
}

/** The fields of an item that a reader compares; the whole event of a match would drown them. */
function pickNamed(item: Row, expected: readonly Row[], summary: readonly string[]): Row {
  const named = new Set(expected.flatMap((expectation) => Object.keys(expectation)));
  const fields = named.size > 0 ? named : new Set(summary);
  return fields.size === 0 ? item : Object.fromEntries(Object.entries(item).filter(([field]) => fields.has(field)));
}

/** Whether a value has everything that an expectation names. Lists agree as a whole. */
export function agrees(expected: unknown, actual: unknown): boolean {
  if (isRecord(expected) && isRecord(actual)) {
    return Object.entries(expected).every(([key, value]) => agrees(value, actual[key] ?? null));
  }
  return canonicalJson(expected ?? null) === canonicalJson(actual ?? null);
}
