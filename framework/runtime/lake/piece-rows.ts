import type { PackedRows } from './pack-rows.ts';

/** About how much text of rows is made a part of, and read from the state file, at a time. */
export const maxPieceLength = 32 * 1024 * 1024;

/** Rows in order, in pieces of one day that a part is written of without trouble for memory. */
export function pieceRows(rows: readonly PackedRows[]): readonly (readonly PackedRows[])[] {
  const days = new Map<string, PackedRows[][]>();
  const lengths = new Map<string, number>();
  for (const packed of rows) {
    const pieces = days.get(packed.day) ?? [];
    days.set(packed.day, pieces);
    const length = (lengths.get(packed.day) ?? 0) + packed.bytes.length;
    const last = pieces.at(-1);
    if (last && length <= maxPieceLength) last.push(packed);
    else pieces.push([packed]);
    lengths.set(packed.day, last && length <= maxPieceLength ? length : packed.bytes.length);
  }
  return [...days.values()].flat();
}
