import type { PatternPart } from '../../model/condition.ts';
import { foldCase } from './fold-case.ts';

/** What the matcher asks of a text. A string is one; a test counts the questions. */
export type Searchable = Pick<string, 'length' | 'indexOf' | 'startsWith' | 'endsWith' | 'charCodeAt'>;

/** What stands between two `*`: literals, and numbers for that many `?` in a row. */
export type Piece = readonly (string | number)[];

/**
 * A test of a whole text against a pattern. No regular expression and no backtracking: the pieces between
 * `*` are looked for from left to right, each at its first place. The work is bounded by the length of the
 * text, times the length of a piece where that has a `?`.
 */
export function compilePattern(parts: readonly PatternPart[], cased: boolean): (text: string) => boolean {
  const literal = literalOf(parts, cased);
  if (literal !== undefined) return equalTo(literal, cased);
  const pieces = splitPieces(parts, cased);
  return cased ? (text) => matchPieces(text, pieces) : (text) => matchPieces(foldCase(text), pieces);
}

/** The text that a pattern without wildcards stands for, folded unless cased; `undefined` with wildcards. */
export function literalOf(parts: readonly PatternPart[], cased: boolean): string | undefined {
  if (parts.some((part) => typeof part !== 'string')) return undefined;
  return cased ? parts.join('') : foldCase(parts.join(''));
}

/** The pieces between the `*` of a pattern, in order; the first is anchored at the start, the last at the end. */
export function splitPieces(parts: readonly PatternPart[], cased: boolean): readonly Piece[] {
  const pieces: (string | number)[][] = [[]];
  for (const part of parts) {
    const piece = pieces.at(-1) as (string | number)[];
    const before = piece.at(-1);
    if (typeof part === 'string') piece.push(cased ? part : foldCase(part));
    else if (part.wild === 'many') pieces.push([]);
    else if (typeof before === 'number') piece[piece.length - 1] = before + 1;
    else piece.push(1);
  }
  return pieces;
}

/** Whether a text, already folded where case does not count, consists of the pieces with anything between them. */
export function matchPieces(text: Searchable, pieces: readonly Piece[]): boolean {
  let from = endAfter(text, 0, pieces[0] as Piece);
  if (pieces.length === 1) return from === text.length;
  const until = startBefore(text, pieces.at(-1) as Piece);
  for (let i = 1; i < pieces.length - 1 && from >= 0 && from <= until; i++) from = find(text, from, pieces[i] as Piece);
  return from >= 0 && from <= until;
}

function equalTo(literal: string, cased: boolean): (text: string) => boolean {
  if (cased) return (text) => text === literal;
  // Folding keeps the length, so most texts are told apart without it.
  return (text) => text.length === literal.length && (text === literal || foldCase(text) === literal);
}

/** Where the piece ends that starts at `at`; -1 where it does not stand there. */
function endAfter(text: Searchable, at: number, piece: Piece): number {
  let end = at;
  for (const step of piece) {
    if (typeof step === 'number') end = skip(text, end, step);
    else end = text.startsWith(step, end) ? end + step.length : -1;
    if (end < 0) return -1;
  }
  return end;
}

/** Where the first occurrence of the piece from `from` on ends; -1 where there is none. */
function find(text: Searchable, from: number, piece: Piece): number {
  // Leading `?` behind a `*` only say how much must be skipped.
  const [head, ...rest] = piece;
  if (head === undefined) return from;
  if (typeof head === 'number') {
    const next = skip(text, from, head);
    return next < 0 ? -1 : find(text, next, rest);
  }
  for (let start = text.indexOf(head, from); start >= 0; start = text.indexOf(head, start + 1)) {
    const end = endAfter(text, start + head.length, rest);
    if (end >= 0) return end;
  }
  return -1;
}

/** Where the piece starts that ends with the text; -1 where the text does not end so. */
function startBefore(text: Searchable, piece: Piece): number {
  let start = text.length;
  for (let i = piece.length - 1; i >= 0; i--) {
    const step = piece[i] as string | number;
    if (typeof step === 'number') {
      for (let n = 0; n < step; n++) {
        if (start === 0) return -1;
        start -= isPairAt(text, start - 2) ? 2 : 1;
      }
    } else {
      start -= step.length;
      if (start < 0 || !text.startsWith(step, start)) return -1;
    }
  }
  return start;
}

/** The index `count` code points further on; -1 behind the end. */
function skip(text: Searchable, at: number, count: number): number {
  let index = at;
  for (let n = 0; n < count; n++) {
    if (index >= text.length) return -1;
    index += isPairAt(text, index) ? 2 : 1;
  }
  return index;
}

function isPairAt(text: Searchable, index: number): boolean {
  if (index < 0 || index + 1 >= text.length) return false;
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}
