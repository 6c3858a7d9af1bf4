import { columnValue } from '../../model/column-value.ts';
import type { Column } from '../../model/table.ts';
import { describeFound } from '../schema/describe-issue.ts';

const expected: Readonly<Record<Column['type'], string>> = {
  VARCHAR: 'a text',
  BIGINT: 'a whole number up to 2^53',
  DOUBLE: 'a number',
  BOOLEAN: 'true or false',
  TIMESTAMP: "a time such as '2026-01-15T12:00:00Z'",
  JSON: 'a value',
  'VARCHAR[]': 'a list of texts',
  STRUCT: 'a map of texts',
};

/** A value as rows hold it, times as ISO 8601 with milliseconds and `Z`; or why its column can't hold it. */
export function readCell(
  value: unknown,
  column: Column,
): { readonly cell: unknown } | { readonly message: string; readonly hint?: string | undefined } {
  const { name, type } = column;
  if (value === null || value === undefined) {
    if (column.nullable !== false) return { cell: null };
    return { message: `'${name}' is ${type} and never NULL, and should be ${expected[type]}.` };
  }
  const cell = columnValue(value, column);
  if (cell !== undefined) return { cell };
  const message = `'${name}' is ${type} and should be ${expected[type]}, and is ${describeFound(value)}.`;
  return { message, hint: hintFor(value, column) };
}

function hintFor(value: unknown, { type }: Column): string | undefined {
  if (type === 'VARCHAR' && typeof value !== 'object') return `Write it in quotes: '${String(value)}'.`;
  if (type === 'BIGINT' && Number.isInteger(Number(value)) && !Number.isSafeInteger(Number(value)))
    return 'A number as large loses digits; make the column a text (VARCHAR).';
  if (typeof value !== 'string') return undefined;
  if (type === 'TIMESTAMP') return "Write date, time and offset: '2026-01-15T12:00:00Z'.";
  const isBoolean = type === 'BOOLEAN' && (value === 'true' || value === 'false');
  const isNumber = value.trim() !== '' && columnValue(Number(value), { type }) !== undefined;
  return isBoolean || isNumber ? 'Write it without quotes.' : undefined;
}
