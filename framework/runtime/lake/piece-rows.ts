import type { EncodedRows } from './encode-rows.ts';

/** About how much text of rows is made parts of, and read from the state file, at a time. */
export const maxPieceLength = 32 * 1024 * 1024;

/** Rows in order, in pieces that a part is written of without trouble for memory. */
export function pieceRows(rows: readonly EncodedRows[]): readonly (readonly EncodedRows[])[] {
  const pieces: EncodedRows[][] = [];
  let length = 0;
  for (const entry of rows) {
    const piece = pieces.at(-1);
    length += entry.lines.length;
    if (piece && length <= maxPieceLength) piece.push(entry);
    else {
      pieces.push([entry]);
      length = entry.lines.length;
    }
  }
  return pieces;
}
