import { type DuckDBConnection, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import type { SqlType, Table } from '../../model/table.ts';
import type { QueryNode } from '../ast/ast.ts';
import { foldedSql } from '../fold/fold-clock.ts';
import { byteOffsets } from '../parse/byte-offsets.ts';
import { connectDuckdb, createQueue } from '../parse/warm-duckdb.ts';
import { createTableSql } from './declare-tables.ts';

/** What binding a query against empty tables gives. */
export type Prepared =
  | { readonly ok: true; readonly types: readonly { readonly type: SqlType | undefined; readonly written: string }[] }
  | { readonly ok: false; readonly message: string; readonly offset: number | undefined };

const queue = createQueue();
let connection: Promise<DuckDBConnection> | undefined;

/** Lets DuckDB bind a query against empty tables: nothing runs, and types are as they will be. */
export function prepareQuery(sql: string, node: QueryNode, tables: readonly Table[]): Promise<Prepared> {
  return queue(async () => {
    connection ??= connectWithMacros();
    const open = await connection;
    await open.run('BEGIN');
    try {
      await declare(open, tables);
      const folded = await foldedSql(node, 0);
      return await prepare(open, folded).catch((error: Error) => describeFailure(open, sql, tables, error));
    } finally {
      await open.run('ROLLBACK');
    }
  });
}

/** Stand-ins for what is folded away, so that a binding error has its place in the authored text. */
async function connectWithMacros(): Promise<DuckDBConnection> {
  const open = await connectDuckdb();
  await open.run("CREATE TEMP MACRO p_current_timestamp() AS TIMESTAMP '1970-01-01'");
  await open.run(
    "CREATE TEMP MACRO p_occurs_since(duration) AS TRUE, (duration, happened) AS (happened >= TIMESTAMP '1970-01-01')",
  );
  await open.run('CREATE TEMP MACRO list_at(list, zero_based) AS list_extract(list, zero_based + 1)');
  return open;
}

async function declare(open: DuckDBConnection, tables: readonly Table[]): Promise<void> {
  for (const table of tables) await open.run(createTableSql(table));
}

async function prepare(open: DuckDBConnection, folded: string): Promise<Prepared> {
  const prepared = await open.prepare(folded);
  const types = Array.from({ length: prepared.columnCount }, (_, index) => {
    const type = prepared.columnType(index);
    return { type: sqlTypeOf(type), written: String(type) };
  });
  prepared.destroySync();
  return { ok: true, types };
}

/** Why the binding failed, at its place in the authored text where DuckDB tells that too. */
async function describeFailure(
  open: DuckDBConnection,
  sql: string,
  tables: readonly Table[],
  { message }: Error,
): Promise<Prepared> {
  // Some failures, as of a pattern that is no regular expression, end the transaction.
  await open.run('ROLLBACK');
  await open.run('BEGIN');
  await declare(open, tables);
  const placed = await placeFailure(open, sql).catch(() => undefined);
  return placed ?? { ok: false, message: firstLine(message), offset: undefined };
}

async function placeFailure(open: DuckDBConnection, sql: string): Promise<Prepared | undefined> {
  const reader = await open.runAndReadAll('SELECT json_serialize_plan($1::VARCHAR)', [sql]);
  const plan = JSON.parse(String(reader.getRows()[0]?.[0])) as Readonly<Record<string, unknown>>;
  if (plan.error !== true) return undefined;
  const offset = typeof plan.position === 'string' ? byteOffsets(sql)(Number(plan.position)) : undefined;
  return { ok: false, message: firstLine(String(plan.error_message)), offset };
}

/** The type of a column of rows; `undefined` for those that rows can't hold. Whole numbers of any width are BIGINT. */
function sqlTypeOf(type: DuckDBType): SqlType | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.SQLNULL:
      // JSON comes out as its text.
      return 'VARCHAR';
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.HUGEINT:
      return 'BIGINT';
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
      return 'DOUBLE';
    case DuckDBTypeId.BOOLEAN:
      return 'BOOLEAN';
    case DuckDBTypeId.TIMESTAMP:
      return 'TIMESTAMP';
    case DuckDBTypeId.LIST:
      return String(type) === 'VARCHAR[]' ? 'VARCHAR[]' : undefined;
    case DuckDBTypeId.STRUCT:
      return 'STRUCT';
    default:
      return undefined;
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/^[A-Z][a-z]+ Error: /, '');
}
