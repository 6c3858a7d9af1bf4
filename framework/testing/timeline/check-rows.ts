import { MargayError } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import type { Column, Row, Table } from '../../model/table.ts';

/**
 * Refuses rows that the lake would refuse: what is green in a test must not stop the runtime.
 *
 * @throws TEST_ROW_INVALID
 */
export function checkRows(table: Table, rows: readonly Row[]): void {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const column = columns.get(name);
      if (!column) throw misfit(table, row, name, 'is no column of the table');
      if (value !== undefined && value !== null && !fits(column, value))
        throw misfit(table, row, name, `is no ${column.type}`);
    }
    if ((row[table.key] ?? null) === null) throw misfit(table, row, table.key, 'is missing, and it is the key');
    if ((row[table.time] ?? null) === null) throw misfit(table, row, table.time, 'is missing, and it decides the day');
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
      return typeof value === 'string' && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value));
    case 'VARCHAR[]':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' || item === null);
    case 'STRUCT':
      return isRecord(value) && Object.values(value).every((item) => typeof item === 'string' || item == null);
    case 'JSON':
      return true;
  }
}

function misfit(table: Table, row: Row, column: string, problem: string): MargayError {
  const key = String(row[table.key]).slice(0, 100);
  return new MargayError('TEST_ROW_INVALID', `'${column}' of row '${key}' for table '${table.name}' ${problem}.`, {
    hint: 'The runtime could not record it: please report it, with the test.',
  });
}
