import type { ReadBounds } from '../../model/read-bounds.ts';
import type { Table } from '../../model/table.ts';
import type { Part } from './part.ts';

const dayMs = 86_400_000;

/**
 * Whether a part may hold rows that lie within bounds. A part of a table whose rows replace each other always may: a
 * later version of a row is what makes an earlier one count no longer, wherever it lies.
 */
export function isWithin(part: Part, { replaces, sortBy }: Table, { fromMs, untilMs, keys }: ReadBounds): boolean {
  if (replaces) return true;
  if (sortBy && keys && !keys.some((key) => mayHold(part, key))) return false;
  const startMs = Date.parse(`${part.day}T00:00:00Z`);
  return startMs + dayMs > (fromMs ?? Number.NEGATIVE_INFINITY) && startMs < (untilMs ?? Number.POSITIVE_INFINITY);
}

/** Whether a part may hold rows with this value of the first sort column. */
export function mayHold({ keys }: Part, key: string): boolean {
  if (!keys) return true;
  // As DuckDB compares: by bytes.
  const [first, wanted, last] = [keys.first, key, keys.last].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return Buffer.compare(first, wanted) <= 0 && Buffer.compare(wanted, last) <= 0;
}
