import type { Condition } from '../../model/condition.ts';

/** One condition of several; `undefined` of none. */
export function linkConditions(conditions: readonly Condition[], kind: 'and' | 'or'): Condition | undefined {
  return conditions.length > 1 ? { kind, of: conditions } : conditions[0];
}
