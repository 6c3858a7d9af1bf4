import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  STRUCT,
  structValue,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import type { Column, Row, Table } from '../../model/table.ts';

/** Appends rows (in the form that `rowValues` gives) to a table of a connection; a few times faster than INSERT. */
export async function appendRows(connection: DuckDBConnection, table: Table, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const appender = await connection.createAppender(table.name);
  const columns = table.columns.map((column) => ({ column, type: appendedType(column) }));
  for (const row of rows) {
    for (const { column, type } of columns) appender.appendValue(appendedValue(row[column.name], column), type);
    appender.endRow();
  }
  appender.closeSync();
}

function appendedType(column: Column): DuckDBType {
  switch (column.type) {
    case 'VARCHAR':
    case 'JSON':
      return VARCHAR;
    case 'BIGINT':
      return BIGINT;
    case 'DOUBLE':
      return DOUBLE;
    case 'BOOLEAN':
      return BOOLEAN;
    case 'TIMESTAMP':
      return TIMESTAMP;
    case 'VARCHAR[]':
      return LIST(VARCHAR);
    case 'STRUCT':
      return STRUCT(Object.fromEntries((column.fields ?? []).map((field) => [field, VARCHAR])));
  }
}

function appendedValue(value: unknown, column: Column): DuckDBValue {
  if (value === null) return null;
  switch (column.type) {
    case 'VARCHAR':
    case 'DOUBLE':
    case 'BOOLEAN':
      return value as DuckDBValue;
    case 'JSON':
      return JSON.stringify(value);
    case 'BIGINT':
      return BigInt(value as number);
    case 'TIMESTAMP':
      return new DuckDBTimestampValue(BigInt(Date.parse(value as string)) * 1_000n);
    case 'VARCHAR[]':
      return listValue(value as readonly (string | null)[]);
    case 'STRUCT':
      return structValue(value as Readonly<Record<string, string | null>>);
  }
}
