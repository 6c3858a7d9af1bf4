import type { ReadBounds } from '../../model/read-bounds.ts';
import type { Table } from '../../model/table.ts';
import type { Part } from './part.ts';

const dayMs = 86_400_000;

/**
 * Whether a part may hold rows that lie within bounds. A part of a table whose rows replace each other always may: a
 * later version of a row is what makes an earlier one count no longer, wherever it lies.
 */
export function isWithin({ day }: Part, { replaces }: Table, { fromMs, untilMs }: ReadBounds): boolean {
  if (replaces) return true;
  const startMs = Date.parse(`${day}T00:00:00Z`);
  return startMs + dayMs > (fromMs ?? Number.NEGATIVE_INFINITY) && startMs < (untilMs ?? Number.POSITIVE_INFINITY);
}
