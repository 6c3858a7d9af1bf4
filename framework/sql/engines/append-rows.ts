import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBTimestampValue,
  LIST,
  listValue,
  STRUCT,
  structValue,
  VARCHAR,
} from '@duckdb/node-api';
import type { Column, Row, Table } from '../../model/table.ts';

/** Appends rows (in the form that `rowValues` gives) to a table of a connection; a few times faster than INSERT. */
export async function appendRows(connection: DuckDBConnection, table: Table, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const appender = await connection.createAppender(table.name);
  for (const row of rows) {
    for (const column of table.columns) append(appender, row[column.name], column);
    appender.endRow();
  }
  appender.closeSync();
}

function append(appender: DuckDBAppender, value: unknown, column: Column): void {
  if (value === null) {
    appender.appendNull();
    return;
  }
  switch (column.type) {
    case 'VARCHAR':
      return appender.appendVarchar(value as string);
    case 'BIGINT':
      return appender.appendBigInt(BigInt(value as number));
    case 'DOUBLE':
      return appender.appendDouble(value as number);
    case 'BOOLEAN':
      return appender.appendBoolean(value as boolean);
    case 'TIMESTAMP':
      return appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(value as string)) * 1_000n));
    case 'JSON':
      return appender.appendVarchar(JSON.stringify(value));
    case 'VARCHAR[]':
      return appender.appendList(listValue(value as readonly (string | null)[]), LIST(VARCHAR));
    case 'STRUCT':
      return appendStruct(appender, value as Readonly<Record<string, string | null>>, column);
  }
}

function appendStruct(appender: DuckDBAppender, value: Readonly<Record<string, string | null>>, column: Column): void {
  const types = Object.fromEntries((column.fields ?? []).map((field) => [field, VARCHAR]));
  appender.appendStruct(structValue(value), STRUCT(types));
}
