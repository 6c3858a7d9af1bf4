import { MargayError } from '../../model/margay-error.ts';
import type { Row, Table } from '../../model/table.ts';
import type { QueryNode } from '../ast/ast.ts';
import { foldedSql } from '../fold/fold-clock.ts';
import { parseGated, refusalOf } from '../gate/parse-gated.ts';
import { printNode } from '../print-alasql/print-alasql.ts';
import { Unproven } from '../print-alasql/unproven.ts';
import { isOrderTotal } from '../rules/check-order.ts';
import { bindNames } from '../scope/bind-query.ts';
import { createReport } from '../sql-problem.ts';
import { type AlasqlEngine, openAlasqlEngine } from './alasql-engine.ts';
import { compareRows } from './compare-rows.ts';
import { openDuckdbEngine } from './duckdb-engine.ts';
import { rowValues } from './row-values.ts';

/** One run of a query over rows in memory. */
export interface EngineInput {
  /** Authored SQL. */
  readonly sql: string;
  readonly tables: readonly Table[];
  /** Table name → rows: TIMESTAMP as ISO 8601 text, BIGINT as number, JSON as value. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** The SQL clock, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly engines: 'both' | 'duckdb' | 'alasql';
}

/** What came of it. */
export interface EngineRun {
  /** DuckDB's rows where it ran, else alasql's. TIMESTAMP as ISO 8601 text with milliseconds and `Z`. */
  readonly rows: readonly Row[];
  /** The engines that ran: `duckdb`, `alasql`. */
  readonly engines: readonly string[];
  /** Why alasql did not run; DuckDB did, then. */
  readonly refusal?: string;
  /** What differs between the engines' rows, in a few lines. */
  readonly difference?: string;
}

/** DuckDB, the reference, and alasql, the instant engine, in memory. */
export interface SqlEngines {
  /**
   * Runs a query. Nothing stays: each run has its tables and rows to itself; runs wait for each other.
   *
   * @throws the first error of the gate or of a name that is unknown; SQL_ROW_INVALID, SQL_QUERY_FAILED, SQL_NUMBER_TOO_LARGE.
   */
  run(input: EngineInput): Promise<EngineRun>;
  close(): Promise<void>;
}

/** Opens both engines. alasql is loaded at its first run. */
export async function openSqlEngines(): Promise<SqlEngines> {
  const duckdb = await openDuckdbEngine();
  let alasql: AlasqlEngine | undefined;
  return {
    run: async (input) => {
      const node = await parseGated(input.sql);
      const bound = bind(node, input.tables);
      const rows = new Map(
        bound.tables.map((table) => [
          table.name,
          (input.rows.get(table.name) ?? []).map((row) => rowValues(row, table)),
        ]),
      );
      const runDuckdb = async () => duckdb.run(await foldedSql(node, input.nowMs), bound.tables, rows);
      if (input.engines === 'duckdb') return { rows: await runDuckdb(), engines: ['duckdb'] };
      alasql ??= openAlasqlEngine();
      const other = runAlasql(alasql, node, bound, rows, input.nowMs);
      if ('refusal' in other) return { rows: await runDuckdb(), engines: ['duckdb'], refusal: other.refusal };
      if (input.engines === 'alasql') return { rows: rowsOrThrow(other), engines: ['alasql'] };
      const reference = await runDuckdb();
      const difference =
        'failure' in other
          ? `DuckDB gives ${reference.length} rows, alasql fails: ${other.failure}`
          : compareRows({ duckdb: reference, alasql: other.rows, isOrdered: bound.isOrdered });
      return { rows: reference, engines: ['duckdb', 'alasql'], ...(difference === undefined ? {} : { difference }) };
    },
    close: async () => duckdb.close(),
  };
}

interface BoundForRun {
  readonly declared: readonly Table[];
  /** Those of the declared tables that the query reads. */
  readonly tables: readonly Table[];
  readonly columns: readonly string[];
  readonly isOrdered: boolean;
}

function bind(node: QueryNode, declared: readonly Table[]): BoundForRun {
  const report = createReport((bytes) => bytes);
  const { root, ...bindings } = bindNames(node, declared, report);
  if (report.problems.length > 0) throw refusalOf(report.problems);
  const used = new Set([...bindings.sources.values()].flatMap((source) => source.use?.table ?? []));
  const columns = root.outputs.map((output) => output.name ?? '');
  return { declared, tables: [...used], columns, isOrdered: isOrderTotal(root, bindings) };
}

/** Rows; or why alasql was not asked; or that it could not, which it should have. */
type AlasqlRun = { readonly rows: readonly Row[] } | { readonly refusal: string } | { readonly failure: string };

function rowsOrThrow(run: Exclude<AlasqlRun, { readonly refusal: string }>): readonly Row[] {
  if ('rows' in run) return run.rows;
  throw new MargayError('SQL_QUERY_FAILED', `alasql can't run the query: ${run.failure}`);
}

function runAlasql(
  alasql: AlasqlEngine,
  node: QueryNode,
  bound: BoundForRun,
  rows: ReadonlyMap<string, readonly Row[]>,
  nowMs: number,
): AlasqlRun {
  const printed = printNode(node, bound.declared, nowMs);
  if ('refusal' in printed) return { refusal: printed.refusal };
  try {
    return { rows: alasql.run(printed, bound.columns, bound.tables, rows) };
  } catch (error) {
    if (error instanceof Unproven) return { refusal: error.message };
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
