/** The names of the tables that every runtime has, besides one per log type. */
export const standardTableNames = [
  'rule_matches',
  'alerts',
  'rule_errors',
  'query_runs',
  'dead_letters',
  'audit',
] as const;

/** The name of a table that every runtime has. */
export type StandardTableName = (typeof standardTableNames)[number];
