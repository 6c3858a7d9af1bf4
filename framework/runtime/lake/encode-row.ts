import { isCanonicalTime } from '../../model/iso-time.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { Column, Row, Table } from '../../model/table.ts';
import { type EncodeValue, encodeValue } from './encode-value.ts';
import { sequenceColumn } from './sql-text.ts';

/** A row as a line of NDJSON, and where it belongs. */
export interface EncodedRow {
  /** `2026-01-31`, UTC. */
  readonly day: string;
  /** Ends in a line feed. */
  readonly line: string;
}

/**
 * A row as text that DuckDB reads with the table's declared types, the sequence number and the key first.
 *
 * @throws LAKE_ROW_INVALID when a value does not fit its column, or there is no such column.
 */
export function encodeRow(table: Table, row: Row, sequence: number): EncodedRow {
  return { day: dayOf(table, row), line: encodeLine(table, columnsOf(table), row, sequence) };
}

interface EncodedColumn {
  readonly name: string;
  readonly type: Column['type'];
  readonly prefix: string;
  readonly encode: EncodeValue;
}

const columnsByTable = new WeakMap<Table, readonly EncodedColumn[]>();

/** What encodes the columns of a table, the key's first; made once. */
function columnsOf(table: Table): readonly EncodedColumn[] {
  const known = columnsByTable.get(table);
  if (known) return known;
  const isKey = ({ name }: Column): boolean => name === table.key;
  const ordered = [...table.columns.filter(isKey), ...table.columns.filter((column) => !isKey(column))];
  const columns = ordered.map(({ name, type }) => {
    return { name, type, prefix: `,${JSON.stringify(name)}:`, encode: encodeValue[type] };
  });
  columnsByTable.set(table, columns);
  return columns;
}

function encodeLine(table: Table, columns: readonly EncodedColumn[], row: Row, sequence: number): string {
  let line = `{"${sequenceColumn}":${sequence}`;
  let known = 0;
  for (const column of columns) {
    const value = row[column.name];
    if (value === undefined) continue;
    known += 1;
    if (value === null) continue;
    const text = column.encode(value);
    if (text === undefined) throw misfit(table, row, column.name, `is no ${column.type}`);
    line += column.prefix + text;
  }
  let total = 0;
  for (const name in row) if (row[name] !== undefined) total += 1;
  if (total !== known) throw unknownColumn(table, row);
  return `${line}}\n`;
}

function dayOf(table: Table, row: Row): string {
  if (row[table.key] === undefined || row[table.key] === null)
    throw misfit(table, row, table.key, 'is missing, and it is the key');
  const time = row[table.time];
  if (typeof time !== 'string') throw misfit(table, row, table.time, 'is missing, and it decides the day');
  if (isCanonicalTime(time)) return time.slice(0, 10);
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw misfit(table, row, table.time, 'is no TIMESTAMP');
  return date.toISOString().slice(0, 10);
}

function unknownColumn(table: Table, row: Row): MargayError {
  const names = new Set(table.columns.map(({ name }) => name));
  const unknown = Object.keys(row).find((name) => !names.has(name)) ?? '';
  return misfit(table, row, unknown, 'is no column of the table');
}

function misfit(table: Table, row: Row, column: string, problem: string): MargayError {
  const key = String(row[table.key]).slice(0, 100);
  return new MargayError('LAKE_ROW_INVALID', `'${column}' of row '${key}' for table '${table.name}' ${problem}.`, {
    hint: 'Nothing was committed. The room that made the row has to give each column its type.',
  });
}
