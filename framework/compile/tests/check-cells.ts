import { columnValue } from '../../model/column-value.ts';
import { suggest } from '../../model/suggest.ts';
import type { Column, Row } from '../../model/table.ts';
import type { FileReport } from '../file-report.ts';
import { describeFound } from '../schema/describe-issue.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';

/** What rows are of, as it ends a sentence, and what they may hold. */
export interface RowShape {
  readonly columns: readonly Column[];
  /** Reports a name that is no column. */
  readonly unknown: (name: string) => {
    readonly code: 'COMPILE_FIELD_UNKNOWN' | 'COMPILE_KEY_UNKNOWN';
    readonly message: string;
  };
}

/**
 * Checks expected rows against the columns that there are. A misspelt name, or a value that its column never holds,
 * would make an expectation that nothing can meet.
 *
 * @returns the rows with times as rows hold them: ISO 8601 with milliseconds and `Z`.
 */
export function checkCells(
  rows: readonly Row[],
  { columns, unknown }: RowShape,
  report: FileReport,
  at: YamlPath,
): readonly Row[] {
  const names = columns.map(({ name }) => name);
  return rows.map((row, position) => {
    const cells = Object.entries(row).map(([name, value]) => {
      const path = [...at, position, name];
      const column = columns.find((one) => one.name === name);
      if (column) return [name, checkCell(value, column, report, path)] as const;
      const { code, message } = unknown(name);
      report.add(code, path, message, { atKey: true, hint: suggest(name, names) });
      return [name, value] as const;
    });
    return Object.fromEntries(cells);
  });
}

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

function checkCell(value: unknown, column: Column, report: FileReport, path: YamlPath): unknown {
  const { name, type } = column;
  if (value === null || value === undefined) {
    if (column.nullable !== false) return null;
    report.add('COMPILE_TYPE_WRONG', path, `'${name}' is ${type} and never NULL, and should be ${expected[type]}.`);
    return value;
  }
  const cell = columnValue(value, column);
  if (cell !== undefined) return cell;
  const message = `'${name}' is ${type} and should be ${expected[type]}, and is ${describeFound(value)}.`;
  report.add('COMPILE_TYPE_WRONG', path, message, { hint: hintFor(value, column) });
  return value;
}

function hintFor(value: unknown, { type }: Column): string | undefined {
  if (type === 'VARCHAR' && typeof value !== 'object') return `Write it in quotes: '${String(value)}'.`;
  if (type === 'TIMESTAMP' && typeof value === 'string') return "Write date, time and offset: '2026-01-15T12:00:00Z'.";
  if (typeof value === 'string' && ['BIGINT', 'DOUBLE', 'BOOLEAN'].includes(type)) return 'Write it without quotes.';
  return undefined;
}
