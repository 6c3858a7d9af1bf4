import type { TypeRule } from './value-type.ts';

/** A function that authored SQL may call. */
export interface FunctionRule {
  readonly kind: 'scalar' | 'aggregate';
  /** How many arguments, least and most. */
  readonly args: readonly [number, number];
  /** What it gives: a type, or how it follows from the arguments. */
  readonly type: TypeRule;
  /** When it gives NULL. `strict`: when an argument is NULL; then an aggregate's empty group is NULL too. */
  readonly nulls: 'never' | 'strict' | 'possible';
  /** Aggregates whose result depends on the order of rows need an ORDER BY inside. */
  readonly ordered?: true;
}

const many = 100;

/**
 * Every function of the subset, by the name that the parser gives: what is not here is refused. Whether
 * alasql runs it as well is said by `print-alasql`.
 */
export const functions: Readonly<Record<string, FunctionRule>> = {
  // Ours: folded before the SQL reaches an engine.
  p_occurs_since: { kind: 'scalar', args: [1, 2], type: 'BOOLEAN', nulls: 'possible' },
  p_current_timestamp: { kind: 'scalar', args: [0, 0], type: 'TIMESTAMP', nulls: 'never' },
  list_at: { kind: 'scalar', args: [2, 2], type: 'VARCHAR', nulls: 'possible' },

  // Aggregates.
  count_star: { kind: 'aggregate', args: [0, 0], type: 'BIGINT', nulls: 'never' },
  count: { kind: 'aggregate', args: [1, 1], type: 'BIGINT', nulls: 'never' },
  count_if: { kind: 'aggregate', args: [1, 1], type: 'BIGINT', nulls: 'never' },
  sum: { kind: 'aggregate', args: [1, 1], type: 'sum', nulls: 'strict' },
  avg: { kind: 'aggregate', args: [1, 1], type: 'DOUBLE', nulls: 'strict' },
  min: { kind: 'aggregate', args: [1, 1], type: 'same', nulls: 'strict' },
  max: { kind: 'aggregate', args: [1, 1], type: 'same', nulls: 'strict' },
  bool_and: { kind: 'aggregate', args: [1, 1], type: 'BOOLEAN', nulls: 'strict' },
  bool_or: { kind: 'aggregate', args: [1, 1], type: 'BOOLEAN', nulls: 'strict' },
  string_agg: { kind: 'aggregate', args: [2, 2], type: 'VARCHAR', nulls: 'strict', ordered: true },
  array_agg: { kind: 'aggregate', args: [1, 1], type: 'list', nulls: 'possible', ordered: true },

  // Text.
  lower: { kind: 'scalar', args: [1, 1], type: 'VARCHAR', nulls: 'strict' },
  upper: { kind: 'scalar', args: [1, 1], type: 'VARCHAR', nulls: 'strict' },
  trim: { kind: 'scalar', args: [1, 1], type: 'VARCHAR', nulls: 'strict' },
  ltrim: { kind: 'scalar', args: [1, 1], type: 'VARCHAR', nulls: 'strict' },
  rtrim: { kind: 'scalar', args: [1, 1], type: 'VARCHAR', nulls: 'strict' },
  length: { kind: 'scalar', args: [1, 1], type: 'BIGINT', nulls: 'strict' },
  replace: { kind: 'scalar', args: [3, 3], type: 'VARCHAR', nulls: 'strict' },
  substring: { kind: 'scalar', args: [2, 3], type: 'VARCHAR', nulls: 'strict' },
  split_part: { kind: 'scalar', args: [3, 3], type: 'VARCHAR', nulls: 'strict' },
  starts_with: { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  ends_with: { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  contains: { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  position: { kind: 'scalar', args: [2, 2], type: 'BIGINT', nulls: 'strict' },
  concat: { kind: 'scalar', args: [1, many], type: 'VARCHAR', nulls: 'never' },
  '||': { kind: 'scalar', args: [2, 2], type: 'VARCHAR', nulls: 'strict' },
  '~~': { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  '!~~': { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  '~~*': { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  '!~~*': { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  like_escape: { kind: 'scalar', args: [3, 3], type: 'BOOLEAN', nulls: 'strict' },
  not_like_escape: { kind: 'scalar', args: [3, 3], type: 'BOOLEAN', nulls: 'strict' },
  ilike_escape: { kind: 'scalar', args: [3, 3], type: 'BOOLEAN', nulls: 'strict' },
  not_ilike_escape: { kind: 'scalar', args: [3, 3], type: 'BOOLEAN', nulls: 'strict' },
  regexp_matches: { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'strict' },
  regexp_extract: { kind: 'scalar', args: [2, 3], type: 'VARCHAR', nulls: 'strict' },
  regexp_replace: { kind: 'scalar', args: [3, 4], type: 'VARCHAR', nulls: 'strict' },

  // JSON and lists.
  '->>': { kind: 'scalar', args: [2, 2], type: 'VARCHAR', nulls: 'possible' },
  list_contains: { kind: 'scalar', args: [2, 2], type: 'BOOLEAN', nulls: 'possible' },
  len: { kind: 'scalar', args: [1, 1], type: 'BIGINT', nulls: 'strict' },

  // Numbers.
  '+': { kind: 'scalar', args: [1, 2], type: 'arithmetic', nulls: 'strict' },
  '-': { kind: 'scalar', args: [1, 2], type: 'arithmetic', nulls: 'strict' },
  '*': { kind: 'scalar', args: [2, 2], type: 'arithmetic', nulls: 'strict' },
  '/': { kind: 'scalar', args: [2, 2], type: 'DOUBLE', nulls: 'possible' },
  '%': { kind: 'scalar', args: [2, 2], type: 'arithmetic', nulls: 'possible' },
  abs: { kind: 'scalar', args: [1, 1], type: 'same', nulls: 'strict' },
  round: { kind: 'scalar', args: [1, 2], type: 'same', nulls: 'strict' },
  floor: { kind: 'scalar', args: [1, 1], type: 'same', nulls: 'strict' },
  ceil: { kind: 'scalar', args: [1, 1], type: 'same', nulls: 'strict' },

  // Choice.
  nullif: { kind: 'scalar', args: [2, 2], type: 'same', nulls: 'possible' },
  greatest: { kind: 'scalar', args: [2, many], type: 'common', nulls: 'possible' },
  least: { kind: 'scalar', args: [2, many], type: 'common', nulls: 'possible' },

  // Time, UTC.
  date_trunc: { kind: 'scalar', args: [2, 2], type: 'TIMESTAMP', nulls: 'strict' },
  date_diff: { kind: 'scalar', args: [3, 3], type: 'BIGINT', nulls: 'strict' },
  date_part: { kind: 'scalar', args: [2, 2], type: 'BIGINT', nulls: 'strict' },
};

/** The names that a hint may offer: those that are written as functions. */
export const functionNames: readonly string[] = Object.keys(functions)
  .filter((name) => /^[a-z]/.test(name) && name !== 'count_star' && !name.endsWith('_escape'))
  .concat('coalesce');
