/**
 * SQL: one dialect, many engines. Authored SQL is a portable subset of DuckDB's dialect; DuckDB's parser is
 * the only parser, its AST the gate, the source of lineage and the logic digest.
 *
 * @packageDocumentation
 */
export { type Catalog, type CheckedQuery, checkQuery } from './check-query.ts';
export {
  type EngineInput,
  type EngineRun,
  openSqlEngines,
  type SqlEngines,
} from './engines/open-sql-engines.ts';
export { type FoldedQuery, foldClock } from './fold/fold-clock.ts';
export type { ColumnLineage, QueryLineage, SourceField, TableUse } from './lineage/query-lineage.ts';
export { type PrintedAlasql, printAlasql } from './print-alasql/print-alasql.ts';
export type { RuleReference } from './rules/rule-references.ts';
export type { SqlProblem } from './sql-problem.ts';
