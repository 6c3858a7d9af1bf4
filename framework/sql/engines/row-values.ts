import { columnValue } from '../../model/column-value.ts';
import { MargayError } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import type { Column, Row, Table } from '../../model/table.ts';

/**
 * A row with every column of its table, each value in the one form that both engines load: times as ISO 8601
 * with milliseconds and `Z`, what is missing as null.
 *
 * @throws SQL_ROW_INVALID for a value that the column can't hold, and for a key that is no column.
 */
export function rowValues(row: Row, table: Table): Row {
  const known = new Set(table.columns.map((column) => column.name));
  const stray = Object.keys(row).find((key) => !known.has(key));
  if (stray !== undefined) {
    throw new MargayError('SQL_ROW_INVALID', `A row for ${table.name} has '${stray}', which is no column of it.`);
  }
  return Object.fromEntries(table.columns.map((column) => [column.name, cellValue(row[column.name], column, table)]));
}

function cellValue(value: unknown, column: Column, table: Table): unknown {
  if (value === undefined || value === null) return null;
  const cell = columnValue(value, column);
  if (cell !== undefined) return withAllFields(cell, column);
  const shown = JSON.stringify(typeof value === 'bigint' ? String(value) : value)?.slice(0, 80);
  throw new MargayError('SQL_ROW_INVALID', `${table.name}.${column.name} is ${column.type} and can't hold ${shown}.`);
}

/** Both engines load every field of a STRUCT. */
function withAllFields(value: unknown, { type, fields = [] }: Column): unknown {
  if (type !== 'STRUCT' || !isRecord(value)) return value;
  return Object.fromEntries(fields.map((field) => [field, value[field] ?? null]));
}
