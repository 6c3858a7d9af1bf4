import type { DuckDBConnection } from '@duckdb/node-api';
import { MargayError } from '../../model/margay-error.ts';
import { quoteName, quoteText } from '../../model/quote-sql.ts';
import type { Column, Row, Table } from '../../model/table.ts';
import { encodeValue } from './encode-value.ts';
import { columnType } from './sql-text.ts';

const encodedTable = 'margay_rows';

/**
 * Makes the table of rows that a query brings along. Rows go in as text, one each: one text of all of them takes DuckDB
 * many times as long.
 *
 * @throws LAKE_ROW_INVALID when a value does not fit its column.
 */
export async function createRowsTable(connection: DuckDBConnection, table: Table, rows: readonly Row[]): Promise<void> {
  await connection.run(`CREATE TABLE ${encodedTable} (r VARCHAR)`);
  const appender = await connection.createAppender(encodedTable);
  for (const row of rows) {
    appender.appendVarchar(encodeRow(table, row));
    appender.endRow();
  }
  appender.closeSync();
  const types = Object.fromEntries(table.columns.map((column) => [column.name, jsonType(column)]));
  const typed = `SELECT unnest(from_json(r, ${quoteText(JSON.stringify(types))})) FROM ${encodedTable}`;
  await connection.run(`CREATE TABLE ${quoteName(table.name)} AS ${typed}`);
  await connection.run(`DROP TABLE ${encodedTable}`);
}

/** A type as `from_json` names it. */
function jsonType(column: Column): unknown {
  if (column.type === 'VARCHAR[]') return ['VARCHAR'];
  if (column.type === 'STRUCT') return Object.fromEntries((column.fields ?? []).map((field) => [field, 'VARCHAR']));
  return columnType(column);
}

function encodeRow(table: Table, row: Row): string {
  const values = table.columns.flatMap(({ name, type }) => {
    const value = row[name];
    if (value === undefined || value === null) return [];
    const text = encodeValue[type](value);
    if (text !== undefined) return `${JSON.stringify(name)}:${text}`;
    throw new MargayError('LAKE_ROW_INVALID', `'${name}' of a row for table '${table.name}' is no ${type}.`, {
      hint: 'What brings the row along has to give each column its type.',
    });
  });
  return `{${values.join(',')}}`;
}
