import { suggest } from '../../model/suggest.ts';
import type { Column, Row } from '../../model/table.ts';
import type { FileReport } from '../file-report.ts';
import type { YamlPath } from '../yaml/load-yaml.ts';
import { readCell } from './read-cell.ts';

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

function checkCell(value: unknown, column: Column, report: FileReport, path: YamlPath): unknown {
  const read = readCell(value, column);
  if ('cell' in read) return read.cell;
  report.add('COMPILE_TYPE_WRONG', path, read.message, { hint: read.hint });
  return value;
}
