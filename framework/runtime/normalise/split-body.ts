import { maxBatchRecords } from '../../model/batch-limit.ts';
import { isBlank, skipBlanks } from './blank-bytes.ts';

/** A part of a body that is one JSON document: a line, or the whole. Offsets in bytes. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** A body in pieces. */
export interface SplitBody {
  /** At most {@link maxBatchRecords}. */
  readonly pieces: readonly Piece[];
  /** The lines after them. */
  readonly rest?: { readonly first: Piece; readonly count: number } | undefined;
}

/**
 * The documents of a body: its lines, unless it is one document as a whole, such as a pretty-printed object
 * or array. Empty lines and a byte order mark are left out.
 *
 * @param parses - Whether a piece is a JSON document.
 */
export function splitBody(body: Buffer, parses: (piece: Piece) => boolean): SplitBody {
  const start = skipBlanks(body, hasMark(body) ? 3 : 0);
  const lines = splitLines(body, start);
  const [first, second] = lines.pieces;
  if (first === undefined || second === undefined || parses(first)) return lines;
  const whole = { start, end: body.length };
  if (parses(whole)) return { pieces: [whole] };
  // A pretty-printed document with an error in it is one bad document, not as many as it has lines.
  const isWhole = isOpenEnded(body, first) && !lines.pieces.some((line) => startsObject(body, line) && parses(line));
  return isWhole ? { pieces: [whole] } : lines;
}

function splitLines(body: Buffer, from: number): SplitBody {
  const pieces: Piece[] = [];
  let first: Piece | undefined;
  let count = 0;
  for (let start = from; start < body.length; ) {
    const found = body.indexOf(0x0a, start);
    const end = found < 0 ? body.length : found;
    if (!isBlank(body, start, end)) {
      if (pieces.length < maxBatchRecords) pieces.push({ start, end });
      else {
        first ??= { start, end };
        count++;
      }
    }
    start = end + 1;
  }
  return { pieces, rest: first && { first, count } };
}

function hasMark(body: Buffer): boolean {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
}

/** Whether a line ends where JSON has to go on: in `{`, `[`, `,` or `:`. */
function isOpenEnded(body: Buffer, { start, end }: Piece): boolean {
  return /[{[,:]\s*$/.test(body.toString('latin1', Math.max(start, end - 100), end));
}

function startsObject(body: Buffer, { start }: Piece): boolean {
  return body[skipBlanks(body, start)] === 0x7b;
}
