import { Unproven } from '../../print-alasql/unproven.ts';
import { sortKey } from './compare-values.ts';

function keep(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Unproven('it groups by infinity or NaN');
  return value ?? null;
}

/** Keys for GROUP BY, DISTINCT and ORDER BY; alasql's own confuse NULL with texts and numbers with each other. */
export const keys = {
  /** One text for several values, NULL among them. */
  m_key: (...values: readonly unknown[]): string => JSON.stringify(values.map(keep)),
  m_key_at: (key: string, index: number): unknown => (JSON.parse(key) as readonly unknown[])[index],
  /** Puts NULLs together at one end. */
  m_null_rank: (value: unknown): number => (value == null ? 1 : 0),
  m_sort_key: (value: unknown): number | string => (value == null ? 0 : sortKey(value)),
};
