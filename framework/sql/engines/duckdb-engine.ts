import {
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { MargayError } from '../../model/margay-error.ts';
import type { Row, Table } from '../../model/table.ts';
import { connectDuckdb, createQueue } from '../parse/warm-duckdb.ts';
import { createTableSql } from '../prepare/declare-tables.ts';
import { appendRows } from './append-rows.ts';

/** DuckDB in memory: loads rows, runs one query, forgets both. */
export interface DuckdbEngine {
  /** @throws SQL_QUERY_FAILED, SQL_NUMBER_TOO_LARGE */
  run(sql: string, tables: readonly Table[], rows: ReadonlyMap<string, readonly Row[]>): Promise<readonly Row[]>;
  close(): void;
}

/** A DuckDB engine with a connection of its own. Runs wait for each other. */
export async function openDuckdbEngine(): Promise<DuckdbEngine> {
  const connection = await connectDuckdb();
  const queue = createQueue();
  return {
    run: (sql, tables, rows) =>
      queue(async () => {
        await connection.run('BEGIN');
        try {
          for (const table of tables) await load(connection, table, rows.get(table.name) ?? []);
          return await query(connection, sql);
        } finally {
          await connection.run('ROLLBACK');
        }
      }),
    close: () => connection.closeSync(),
  };
}

async function load(connection: DuckDBConnection, table: Table, rows: readonly Row[]): Promise<void> {
  await connection.run(createTableSql(table));
  await appendRows(connection, table, rows);
}

async function query(connection: DuckDBConnection, sql: string): Promise<readonly Row[]> {
  try {
    const reader = await connection.runAndReadAll(sql);
    const names = reader.columnNames();
    return reader
      .getRows()
      .map((values) => Object.fromEntries(names.map((name, index) => [name, plainValue(values[index] ?? null, name)])));
  } catch (error) {
    if (error instanceof MargayError) throw error;
    const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new MargayError('SQL_QUERY_FAILED', `DuckDB can't run the query: ${message}`, { cause: error });
  }
}

/** A value as rows hold it: times as ISO texts, whole numbers as numbers, lists and structs as plain data. */
function plainValue(value: DuckDBValue, name: string): unknown {
  if (typeof value === 'bigint') return exactNumber(value, name);
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (value instanceof DuckDBTimestampValue) return new Date(Math.floor(Number(value.micros) / 1_000)).toISOString();
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) return value.items.map((item) => plainValue(item, name));
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, field]) => [key, plainValue(field, name)]));
  }
  return typeof value === 'object' && value !== null ? String(value) : value;
}

function exactNumber(value: bigint, name: string): number {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new MargayError('SQL_NUMBER_TOO_LARGE', `'${name}' is ${value}, which a number can't hold exactly.`, {
    hint: `Write CAST(${name} AS VARCHAR) or CAST(${name} AS DOUBLE).`,
  });
}
