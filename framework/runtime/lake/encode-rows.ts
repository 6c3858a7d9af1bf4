import type { Row, Table } from '../../model/table.ts';
import { encodeRow } from './encode-row.ts';

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
 * Rows as text that DuckDB reads with the table's declared types, the sequence number and the key first. The rows of
 * a day are one entry, or several of about 4 Mi characters, in order; only a single larger row makes a larger one.
 *
 * @param nextSequence - Gives each row its number.
 * @throws LAKE_ROW_INVALID when a value does not fit its column, or there is no such column.
 */
export function encodeRows(table: Table, rows: readonly Row[], nextSequence: () => number): readonly EncodedRows[] {
  const days = new Map<string, DayText[]>();
  for (const row of rows) {
    const sequence = nextSequence();
    const { day, line } = encodeRow(table, row, sequence);
    const texts = days.get(day) ?? [];
    if (texts.length === 0) days.set(day, texts);
    addLine(texts, line, sequence);
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
