import type { PatternPart, ValueTest } from '../../../model/condition.ts';
import { foldCase } from '../../evaluate/fold-case.ts';
import { literalOf, type Piece, splitPieces } from '../../evaluate/match-pattern.ts';
import { foldText } from '../fold-text.ts';
import { hasLoneSurrogate, textConstant } from '../literal.ts';
import { exactly, joinPrinted, type Printed, unknown } from '../printed.ts';

export type PatternTest = Extract<ValueTest, { readonly op: 'pattern' }>;

/** From here on, one pass of an automaton is faster than looking for each piece. */
const manyPatterns = 4;
/** So that an automaton stays small enough to be one. */
const maxRegexLength = 8_000;

/** Whether a text matches one of the patterns. */
export function printPatterns(tests: readonly PatternTest[], text: string): Printed {
  const sound = tests.filter(({ parts }) => !parts.some(hasHalfCharacter));
  const groups = [true, false].flatMap((cased) => {
    const ofCase = sound.filter((test) => test.cased === cased).map(({ parts }) => parts);
    return [printLiterals(ofCase, cased, text), ...printWild(ofCase, cased, text)];
  });
  const found = groups.filter((group) => group !== undefined).map(exactly);
  return joinPrinted('or', sound.length === tests.length ? found : [...found, unknown]);
}

function hasHalfCharacter(part: PatternPart): boolean {
  return typeof part === 'string' && hasLoneSurrogate(part);
}

function printLiterals(
  patterns: readonly (readonly PatternPart[])[],
  cased: boolean,
  text: string,
): string | undefined {
  const literals = [...new Set(patterns.flatMap((parts) => literalOf(parts, cased) ?? []))];
  if (literals.length === 0) return undefined;
  const folded = cased ? text : foldText(text, literals.join(''));
  const [first] = literals as [string];
  return literals.length === 1
    ? `${folded} = ${textConstant(first)}`
    : `${folded} IN (${literals.map(textConstant).join(', ')})`;
}

function printWild(patterns: readonly (readonly PatternPart[])[], cased: boolean, text: string): readonly string[] {
  const wild = patterns.filter((parts) => literalOf(parts, cased) === undefined);
  const pieces = wild.map((parts) => splitPieces(parts, cased));
  if (pieces.length < manyPatterns) return pieces.map((split) => printPieces(split, cased, text));
  const regexes = chunk([...new Set(pieces.map(piecesRegex))]);
  const needle = wild
    .flat()
    .map((part) => (typeof part === 'string' ? foldCase(part) : ''))
    .join('');
  const folded = cased ? text : foldText(text, needle);
  return regexes.map((regex) => `regexp_matches(${folded}, ${textConstant(regex)})`);
}

function chunk(regexes: readonly string[]): readonly string[] {
  const chunks: string[] = [];
  for (const regex of regexes) {
    const last = chunks.at(-1);
    if (last === undefined || last.length + regex.length > maxRegexLength) chunks.push(regex);
    else chunks[chunks.length - 1] = `${last}|${regex}`;
  }
  return chunks;
}

/** The pieces between the `*`; see {@link splitPieces}. */
function printPieces(pieces: readonly Piece[], cased: boolean, text: string): string {
  const literals = pieces.map(pieceLiteral);
  const folded = cased ? text : foldText(text, pieces.flat().join(''));
  if (pieces.length > 3 || literals.includes(undefined))
    return `regexp_matches(${folded}, ${textConstant(piecesRegex(pieces))})`;
  const [first, ...rest] = literals as [string, ...string[]];
  const last = rest.at(-1) ?? '';
  const middle = rest.length === 2 ? (rest[0] as string) : '';
  const parts = [
    ...(first === '' ? [] : [`starts_with(${folded}, ${textConstant(first)})`]),
    ...(last === '' ? [] : [`suffix(${folded}, ${textConstant(last)})`]),
    ...(middle === '' ? [] : [`contains(${folded}, ${textConstant(middle)})`]),
  ];
  if (parts.length > 1) return `regexp_matches(${folded}, ${textConstant(piecesRegex(pieces))})`;
  return parts[0] ?? `${text} IS NOT NULL`;
}

function pieceLiteral(piece: Piece): string | undefined {
  return piece.length === 0 ? '' : piece.length === 1 && typeof piece[0] === 'string' ? piece[0] : undefined;
}

/** The pieces in RE2's syntax, `?` as one code point. */
function piecesRegex(pieces: readonly Piece[]): string {
  const bodies = pieces.map((piece) =>
    piece.map((step) => (typeof step === 'number' ? `(?s:.{${step}})` : quoteRegex(step))).join(''),
  );
  const isOpen = (body: string | undefined): boolean => bodies.length > 1 && body === '';
  const start = isOpen(bodies[0]) ? '' : '\\A';
  const end = isOpen(bodies.at(-1)) ? '' : '\\z';
  const inner = bodies.filter((body, i) => body !== '' || (i > 0 && i < bodies.length - 1) || bodies.length === 1);
  return `(?:${start}${inner.join('(?s:.*)')}${end})`;
}

/** A text in RE2's syntax. */
export function quoteRegex(text: string): string {
  return text.replaceAll(
    /[^A-Za-z0-9\u0080-\u{10ffff}]/gu,
    (char) => `\\x{${(char.codePointAt(0) as number).toString(16)}}`,
  );
}
