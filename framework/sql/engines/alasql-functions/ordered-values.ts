import { Unproven } from '../../print-alasql/unproven.ts';
import { compareValues } from './compare-values.ts';

/** A value of an aggregate whose result depends on the order of the rows, with what it is sorted by. */
export interface OrderedValue {
  readonly value: string | null;
  readonly separator: string | null;
  /** Per key: A(scending) or D(escending), then where NULLs go: F(irst) or L(ast). */
  readonly orders: string;
  readonly keys: readonly unknown[];
}

/** `m_ordered`: packs what an aggregate needs of a row into one value. */
export const ordered = {
  m_ordered: (
    value: string | null | undefined,
    separator: string | null,
    orders: string,
    ...keys: readonly unknown[]
  ): OrderedValue => ({ value: value ?? null, separator, orders, keys }),
};

/** The values in order, with their separator. */
export function inOrder(packed: readonly OrderedValue[], isDistinct: boolean): readonly (string | null)[] {
  const sorted = [...packed].sort((a, b) => {
    const order = compareKeys(a.keys, b.keys, a.orders);
    if (order === 0 && a.value !== b.value) throw new Unproven('the order of what it aggregates is not decided');
    return order;
  });
  const values = sorted.map(({ value }) => value);
  return isDistinct ? [...new Set(values)] : values;
}

/** Texts joined by their separator, NULLs left out; NULL when there is none. */
export function joined(packed: readonly OrderedValue[], isDistinct: boolean): string | null {
  const some = packed.filter(({ value }) => value !== null);
  const [first] = some;
  if (first === undefined) return null;
  if (first.separator === null) throw new Unproven('it joins by NULL');
  return inOrder(some, isDistinct).join(first.separator);
}

/** The order of two rows by their keys; `orders` has two letters a key, as {@link OrderedValue} has. */
export function compareKeys(a: readonly unknown[], b: readonly unknown[], orders: string): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareKey(a[index], b[index], orders.slice(2 * index, 2 * index + 2));
    if (order !== 0) return order;
  }
  return 0;
}

function compareKey(a: unknown, b: unknown, [direction, nulls]: string): number {
  if (a == null || b == null) return a == null && b == null ? 0 : (a == null) === (nulls === 'F') ? -1 : 1;
  return direction === 'D' ? compareValues(b, a) : compareValues(a, b);
}
