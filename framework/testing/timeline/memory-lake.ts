import type { Lake, QueryResult } from '../../model/lake.ts';
import { MargayError } from '../../model/margay-error.ts';
import { matchAlertsTable, ruleMatchesTable } from '../../model/standard-tables.ts';
import type { Row, Table } from '../../model/table.ts';
import type { SqlEngines } from '../../sql/index.ts';
import { checkRows } from './check-rows.ts';

/** Which SQL engines a test query runs on. */
export type EngineChoice = 'both' | 'duckdb' | 'alasql';

/** A lake for timelines: rows in memory, queries on the in-memory engines. */
export interface MemoryLake extends Pick<Lake, 'query'> {
  /**
   * Files rows under their table, by the table's rules: one row a key, the first or (replacing tables) the last.
   *
   * @throws TEST_ROW_INVALID
   */
  file(table: Table, rows: readonly Row[]): void;
  rows(tableName: string): readonly Row[];
  /** What ran the queries so far, and what an engine refused. */
  report(): { readonly engines: readonly string[]; readonly refusals: readonly string[] };
}

/**
 * Creates an empty lake. A query that gives different rows on the two engines fails: a chain that is green in a
 * test must mean the same in production.
 */
export function createMemoryLake(engines: SqlEngines, choice: EngineChoice, now: () => number): MemoryLake {
  const filed = new Map<string, Map<string, Row>>();
  const used = new Set<string>();
  const refusals = new Set<string>();
  const rowsOf = (name: string): readonly Row[] => withAlertIds(name, [...(filed.get(name)?.values() ?? [])], filed);

  const query = async (
    sql: string,
    tables: readonly Table[],
    limits: { readonly maxRows: number },
  ): Promise<QueryResult> => {
    const rows = new Map(tables.map((table) => [table.name, table.rows ?? rowsOf(table.name).filter(isSeenIn(table))]));
    const run = await engines.run({ sql, tables, rows, nowMs: now(), engines: choice });
    for (const engine of run.engines) used.add(engine);
    if (run.refusal) refusals.add(run.refusal);
    if (run.difference) {
      throw new MargayError('TEST_ENGINES_DIFFER', `DuckDB and alasql give different rows: ${run.difference}`, {
        hint: 'Please report the query: the two must agree. Until then, test it with --engine duckdb.',
      });
    }
    return {
      columns: Object.keys(run.rows[0] ?? {}).map((name) => ({ name, type: 'VARCHAR' })),
      rows: run.rows.slice(0, limits.maxRows),
      truncated: run.rows.length > limits.maxRows,
      cost: { rowsScanned: 0, bytesScanned: 0, durationMs: 0 },
    };
  };

  return {
    query,
    file: (table, rows) => {
      checkRows(table, rows);
      const known = filed.get(table.name) ?? new Map<string, Row>();
      filed.set(table.name, known);
      for (const row of rows) {
        const key = String(row[table.key]);
        if (table.replaces || !known.has(key)) known.set(key, row);
      }
    },
    rows: rowsOf,
    report: () => ({ engines: [...used], refusals: [...refusals] }),
  };
}

function isSeenIn({ only }: Table): (row: Row) => boolean {
  return (row) => only === undefined || row[only.column] === only.value;
}

/** `rule_matches` reads `p_alert_id` through the link rows, as the runtime's view does. */
function withAlertIds(
  name: string,
  rows: readonly Row[],
  filed: ReadonlyMap<string, ReadonlyMap<string, Row>>,
): readonly Row[] {
  const links = name === ruleMatchesTable.name ? filed.get(matchAlertsTable.name) : undefined;
  if (!links) return rows;
  return rows.map((row) => ({
    ...row,
    p_alert_id: row.p_alert_id ?? links.get(String(row.p_match_id))?.alert_id ?? null,
  }));
}
