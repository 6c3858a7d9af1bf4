import type { Table } from '../../model/table.ts';
import type { EncodedRows } from './encode-rows.ts';
import { hashKey } from './key-hash.ts';

/**
 * Rows of one table and day on their way into a part: NDJSON in bytes, and what finds a key in it without parsing.
 * The three arrays have buffers of their own, so that a worker can hand them over.
 */
export interface PackedRows {
  readonly day: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where each line begins, and at last where the bytes end. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** Two numbers for each row: the hash of its key. */
  readonly hashes: Uint32Array<ArrayBuffer>;
  /** The sequence number of the last row. */
  readonly lastSequence: number;
}

/** Packs rows of one table, entry by entry. */
export function packRows(table: Table, rows: readonly EncodedRows[]): readonly PackedRows[] {
  const keyStart = `,${JSON.stringify(table.key)}:"`;
  return rows.map(({ day, lines, rowCount, lastSequence }) => {
    const bytes = new Uint8Array(Buffer.byteLength(lines));
    const buffer = Buffer.from(bytes.buffer);
    buffer.write(lines);
    const offsets = new Uint32Array(rowCount + 1);
    const hashes = new Uint32Array(rowCount * 2);
    let at = 0;
    let byte = 0;
    for (let row = 0; row < rowCount; row++) {
      const end = lines.indexOf('\n', at);
      offsets[row] = byte;
      hashKey(keyOfLine(lines, at, end, table, keyStart), hashes, row * 2);
      byte = buffer.indexOf(0x0a, byte) + 1;
      at = end + 1;
    }
    offsets[rowCount] = bytes.length;
    return { day, bytes, offsets, hashes, lastSequence };
  });
}

/** How many rows there are. */
export function countRows({ offsets }: PackedRows): number {
  return offsets.length - 1;
}

/** The key of a packed row. */
export function keyOfRow({ bytes, offsets }: PackedRows, row: number, table: Table): string {
  const [start, end] = [offsets[row] as number, offsets[row + 1] as number];
  return parseKey(Buffer.from(bytes.buffer, start, end - start).toString('utf8'), table);
}

/** The rows for which a function says so; the same object where it says so for all. */
export function keepRows(packed: PackedRows, keeps: (row: number) => boolean): PackedRows {
  const kept: number[] = [];
  let length = 0;
  for (let row = 0; row < countRows(packed); row++) {
    if (!keeps(row)) continue;
    kept.push(row);
    length += (packed.offsets[row + 1] as number) - (packed.offsets[row] as number);
  }
  if (kept.length === countRows(packed)) return packed;
  const bytes = new Uint8Array(length);
  const offsets = new Uint32Array(kept.length + 1);
  const hashes = new Uint32Array(kept.length * 2);
  for (const [index, row] of kept.entries()) {
    const line = packed.bytes.subarray(packed.offsets[row], packed.offsets[row + 1]);
    bytes.set(line, offsets[index]);
    offsets[index + 1] = (offsets[index] as number) + line.length;
    hashes.set(packed.hashes.subarray(row * 2, row * 2 + 2), index * 2);
  }
  return { ...packed, bytes, offsets, hashes };
}

/** The key stands behind the sequence number; a line that an older version left in the state file is parsed. */
function keyOfLine(lines: string, start: number, end: number, table: Table, keyStart: string): string {
  const comma = lines.indexOf(',', start);
  if (lines.startsWith(keyStart, comma)) {
    const first = comma + keyStart.length;
    const quote = lines.indexOf('"', first);
    const key = lines.slice(first, quote);
    if (quote > 0 && quote < end && !key.includes('\\')) return key;
  }
  return parseKey(lines.slice(start, end), table);
}

function parseKey(line: string, table: Table): string {
  return String((JSON.parse(line) as Readonly<Record<string, unknown>>)[table.key]);
}
