import { quoteName } from '../../model/quote-sql.ts';
import type { Column, Table } from '../../model/table.ts';

/** The statement that makes an empty table of a connection's own, with the columns that are declared. */
export function createTableSql(table: Table): string {
  const columns = table.columns.map((column) => `${quoteName(column.name)} ${duckdbType(column)}`);
  return `CREATE TEMP TABLE ${quoteName(table.name)} (${columns.join(', ')})`;
}

function duckdbType(column: Column): string {
  if (column.type !== 'STRUCT') return column.type;
  return `STRUCT(${(column.fields ?? []).map((field) => `${quoteName(field)} VARCHAR`).join(', ')})`;
}
