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
  const cell = asTyped(value, column);
  if (cell !== undefined) return cell;
  const shown = JSON.stringify(typeof value === 'bigint' ? String(value) : value)?.slice(0, 80);
  throw new MargayError('SQL_ROW_INVALID', `${table.name}.${column.name} is ${column.type} and can't hold ${shown}.`);
}

function asTyped(value: unknown, column: Column): unknown {
  switch (column.type) {
    case 'VARCHAR':
      return typeof value === 'string' ? value : undefined;
    case 'BIGINT':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'DOUBLE':
      return Number.isFinite(value) ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'TIMESTAMP':
      return typeof value === 'string' ? isoTime(value) : undefined;
    case 'JSON':
      return value;
    case 'VARCHAR[]':
      return Array.isArray(value) && value.every((item) => item === null || typeof item === 'string')
        ? value
        : undefined;
    case 'STRUCT':
      return isRecord(value) ? structOf(value, column) : undefined;
  }
}

/** A text without a zone would be read in the machine's. */
function isoTime(text: string): string | undefined {
  const time = /(Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function structOf(value: Readonly<Record<string, unknown>>, column: Column): unknown {
  const fields = (column.fields ?? []).map((field) => [field, value[field] ?? null] as const);
  return fields.every(([, one]) => one === null || typeof one === 'string') ? Object.fromEntries(fields) : undefined;
}
