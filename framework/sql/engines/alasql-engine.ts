import type { Row, Table } from '../../model/table.ts';
import { Unproven } from '../print-alasql/unproven.ts';
import { aggregates } from './alasql-functions/aggregates.ts';
import { scalarFunctions } from './alasql-functions/all-functions.ts';
import { type Alasql, loadAlasql } from './load-alasql.ts';

/** alasql: runs SQL that `printAlasql` printed, over rows in memory. */
export interface AlasqlEngine {
  /** @throws Unproven when a value turns up for which the result is not proven. */
  run(
    sql: string,
    columns: readonly string[],
    tables: readonly Table[],
    rows: ReadonlyMap<string, readonly Row[]>,
  ): readonly Row[];
}

/** An alasql engine with our functions. They are alasql's for the whole process. */
export function openAlasqlEngine(): AlasqlEngine {
  const alasql = loadAlasql();
  const failures: Unproven[] = [];
  for (const [name, own] of Object.entries(scalarFunctions)) alasql.fn[name] = remembering(own, failures);
  for (const [name, own] of Object.entries(aggregates)) alasql.aggr[name] = remembering(own, failures);
  return {
    run: (sql, columns, tables, rows) => {
      failures.length = 0;
      try {
        const found = runOnce(alasql, sql, columns, tables, rows);
        if (failures[0] === undefined) return found;
      } catch (error) {
        if (failures[0] === undefined) throw error;
      }
      throw failures[0];
    },
  };
}

/** alasql swallows some errors of functions, and wraps others: the first one is kept, and counts. */
function remembering<Args extends readonly never[]>(
  own: (...args: Args) => unknown,
  failures: Unproven[],
): (...args: Args) => unknown {
  return (...args) => {
    try {
      return own(...args);
    } catch (error) {
      if (error instanceof Unproven) failures.push(error);
      throw error;
    }
  };
}

function runOnce(
  alasql: Alasql,
  sql: string,
  columns: readonly string[],
  tables: readonly Table[],
  rows: ReadonlyMap<string, readonly Row[]>,
): readonly Row[] {
  const database = new alasql.Database();
  try {
    for (const { name } of tables) {
      const table = new alasql.Table({ tableid: name });
      table.data = rows.get(name) ?? [];
      database.tables[name] = table;
    }
    const found = database.exec(sql) as readonly Row[];
    return found.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
  } finally {
    delete alasql.databases[database.databaseid];
  }
}
