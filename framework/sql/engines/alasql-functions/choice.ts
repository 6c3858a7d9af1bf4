import { compareValues } from './compare-values.ts';

function extreme(sign: 1 | -1): (...values: readonly unknown[]) => unknown {
  return (...values) =>
    values.reduce((best, value) => {
      if (value == null) return best;
      return best == null || compareValues(value, best) * sign > 0 ? value : best;
    }, null);
}

/** CASE, coalesce and the like. Every branch is computed, also those that are not taken. */
export const choice = {
  /** condition, value, condition, value, …, else */
  m_case: (...parts: readonly unknown[]): unknown => {
    for (let i = 0; i + 1 < parts.length; i += 2) if (parts[i] === true) return parts[i + 1];
    return parts.at(-1);
  },
  m_coalesce: (...values: readonly unknown[]): unknown => values.find((value) => value != null) ?? null,
  m_nullif: (value: unknown, other: unknown): unknown =>
    value != null && other != null && compareValues(value, other) === 0 ? null : value,
  m_greatest: extreme(1),
  m_least: extreme(-1),
};
