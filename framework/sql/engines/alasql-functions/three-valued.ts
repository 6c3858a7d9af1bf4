import { compareValues } from './compare-values.ts';

/** SQL's truth: NULL is neither. `undefined` is how alasql passes NULL on. */
export type Truth = boolean | null | undefined;

function compared(holds: (order: number) => boolean): (left: unknown, right: unknown) => Truth {
  return (left, right) => (left == null || right == null ? null : holds(compareValues(left, right)));
}

function isIn(value: unknown, ...list: readonly unknown[]): Truth {
  if (value == null) return null;
  if (list.some((item) => item != null && compareValues(value, item) === 0)) return true;
  return list.some((item) => item == null) ? null : false;
}

function isDistinct(left: unknown, right: unknown): boolean {
  if (left == null || right == null) return (left == null) !== (right == null);
  return compareValues(left, right) !== 0;
}

/** Comparisons and connectives with SQL's three values; alasql's own have two. */
export const threeValued = {
  m_and: (...terms: readonly Truth[]): Truth => {
    if (terms.some((term) => term === false)) return false;
    return terms.some((term) => term == null) ? null : true;
  },
  m_or: (...terms: readonly Truth[]): Truth => {
    if (terms.some((term) => term === true)) return true;
    return terms.some((term) => term == null) ? null : false;
  },
  m_not: (term: Truth): Truth => (term == null ? null : !term),
  m_eq: compared((order) => order === 0),
  m_ne: compared((order) => order !== 0),
  m_lt: compared((order) => order < 0),
  m_le: compared((order) => order <= 0),
  m_gt: compared((order) => order > 0),
  m_ge: compared((order) => order >= 0),
  m_in: isIn,
  m_distinct: isDistinct,
  m_is_null: (value: unknown): boolean => value == null,
};
