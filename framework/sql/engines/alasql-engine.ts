import type { Row, Table } from '../../model/table.ts';
import type { PrintedAlasql } from '../print-alasql/print-alasql.ts';
import { Unproven } from '../print-alasql/unproven.ts';
import { aggregates } from './alasql-functions/aggregates.ts';
import { scalarFunctions } from './alasql-functions/all-functions.ts';
import { withSubqueries } from './alasql-functions/subqueries.ts';
import { type Alasql, loadAlasql } from './load-alasql.ts';

/** alasql: runs SQL that `printAlasql` printed, over rows in memory. */
export interface AlasqlEngine {
  /** @throws Unproven when a value turns up for which the result is not proven. */
  run(
    printed: Extract<PrintedAlasql, { readonly sql: string }>,
    columns: readonly string[],
    tables: readonly Table[],
    rows: ReadonlyMap<string, readonly Row[]>,
  ): readonly Row[];
}

/** What our functions threw during the run: they are alasql's for the whole process. */
const failures: Unproven[] = [];
let registered: Alasql | undefined;

/** alasql with our functions. */
export function openAlasqlEngine(): AlasqlEngine {
  const alasql = withFunctions();
  return {
    run: (printed, columns, tables, rows) => {
      failures.length = 0;
      try {
        const found = runOnce(alasql, printed, columns, tables, rows);
        if (failures[0] === undefined) return found;
      } catch (error) {
        if (failures[0] === undefined) throw error;
      }
      throw failures[0];
    },
  };
}

function withFunctions(): Alasql {
  if (registered !== undefined) return registered;
  registered = loadAlasql();
  for (const [name, own] of Object.entries(scalarFunctions)) registered.fn[name] = remembering(own);
  for (const [name, own] of Object.entries(aggregates)) registered.aggr[name] = remembering(own);
  return registered;
}

/** alasql swallows some errors of functions, and wraps others: the first one is kept, and counts. */
function remembering<Args extends readonly never[]>(own: (...args: Args) => unknown): (...args: Args) => unknown {
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
  { sql, called }: Extract<PrintedAlasql, { readonly sql: string }>,
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
    const run = (text: string) => database.exec(text) as readonly Row[];
    const values = (number: number) => run(called[number] as string).map((row) => row.o1 ?? null);
    const found = withSubqueries(values, () => run(sql));
    return found.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
  } finally {
    delete alasql.databases[database.databaseid];
  }
}
