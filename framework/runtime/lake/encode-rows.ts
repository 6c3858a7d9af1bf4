import { MargayError } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import type { Column, Row, Table } from '../../model/table.ts';
import { sequenceColumn } from './sql-text.ts';

/** Rows of one table and one day as NDJSON, one line per row. Not more than a string can hold: see {@link encodeRows}. */
export interface EncodedRows {
  readonly table: string;
  /** `2026-01-31`, UTC. */
  readonly day: string;
  readonly lines: string;
  readonly rowCount: number;
  /** The sequence number of the last row. */
  readonly lastSequence: number;
}

/** What a text may have in characters before another one begins: far from what V8 can hold, and DuckDB's memory. */
const maxTextLength = 4 * 1024 * 1024;

/**
 * Rows as text that DuckDB reads with the table's declared types. The rows of a day are one entry, or several of
 * about 4 Mi characters, in order; only a single larger row makes a larger one.
 *
 * @param nextSequence - Gives each row its number.
 * @throws LAKE_ROW_INVALID when a value does not fit its column, or there is no such column.
 */
export function encodeRows(table: Table, rows: readonly Row[], nextSequence: () => number): readonly EncodedRows[] {
  const columns = table.columns.map((column) => ({ ...column, prefix: `${JSON.stringify(column.name)}:` }));
  const names = new Set(table.columns.map(({ name }) => name));
  const days = new Map<string, DayText[]>();
  for (const row of rows) {
    for (const name of Object.keys(row))
      if (!names.has(name)) throw misfit(table, row, name, 'is no column of the table');
    const sequence = nextSequence();
    const fields = [`"${sequenceColumn}":${sequence}`];
    for (const column of columns) {
      const value = row[column.name];
      if (value !== undefined && value !== null) fields.push(column.prefix + encodeValue(table, row, column, value));
    }
    const day = dayOf(table, row);
    const texts = days.get(day) ?? [];
    days.set(day, texts);
    addLine(texts, `{${fields.join(',')}}\n`, sequence);
  }
  return [...days].flatMap(([day, texts]) =>
    texts.map(({ lines, lastSequence }) => ({
      table: table.name,
      day,
      lines: lines.join(''),
      rowCount: lines.length,
      lastSequence,
    })),
  );
}

interface DayText {
  readonly lines: string[];
  length: number;
  lastSequence: number;
}

function addLine(texts: DayText[], line: string, sequence: number): void {
  let last = texts.at(-1);
  if (!last || last.length + line.length > maxTextLength) {
    last = { lines: [], length: 0, lastSequence: sequence };
    texts.push(last);
  }
  last.lines.push(line);
  last.length += line.length;
  last.lastSequence = sequence;
}

function dayOf(table: Table, row: Row): string {
  if (row[table.key] === undefined || row[table.key] === null)
    throw misfit(table, row, table.key, 'is missing, and it is the key');
  const time = row[table.time];
  if (typeof time !== 'string') throw misfit(table, row, table.time, 'is missing, and it decides the day');
  return new Date(time).toISOString().slice(0, 10);
}

function encodeValue(table: Table, row: Row, column: Column, value: unknown): string {
  const text = fits(column, value) ? toJson(column, value) : undefined;
  if (text === undefined) throw misfit(table, row, column.name, `is no ${column.type}`);
  return text;
}

/** The value as JSON text; `undefined` where JSON has none, such as for a time that is no time. */
function toJson(column: Column, value: unknown): string | undefined {
  try {
    const text = JSON.stringify(column.type === 'TIMESTAMP' ? new Date(value as string).toISOString() : value);
    return text?.includes('\\ud') ? replaceLoneSurrogates(text) : text;
  } catch {
    return undefined; // too deep, circular, a BigInt, a time out of range
  }
}

function fits(column: Column, value: unknown): boolean {
  switch (column.type) {
    case 'VARCHAR':
      return typeof value === 'string';
    case 'BIGINT':
      return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63;
    case 'DOUBLE':
      return typeof value === 'number';
    case 'BOOLEAN':
      return typeof value === 'boolean';
    case 'TIMESTAMP':
      return typeof value === 'string' && /^\d{4}-/.test(value);
    case 'VARCHAR[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' || item === null);
    case 'STRUCT':
      return isRecord(value) && Object.values(value).every((item) => typeof item === 'string' || item == null);
    case 'JSON':
      return true;
  }
}

/** JSON may spell half a character; DuckDB's reader refuses the whole file then. */
function replaceLoneSurrogates(text: string): string {
  return text.replaceAll(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (found, surrogate) => (surrogate ? '\\ufffd' : found));
}

function misfit(table: Table, row: Row, column: string, problem: string): MargayError {
  const key = String(row[table.key]).slice(0, 100);
  return new MargayError('LAKE_ROW_INVALID', `'${column}' of row '${key}' for table '${table.name}' ${problem}.`, {
    hint: 'Nothing was committed. The room that made the row has to give each column its type.',
  });
}
