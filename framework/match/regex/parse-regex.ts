import { parseClass, parseEscape } from './parse-class.ts';
import { RegexError } from './regex-error.ts';
import { classes, type RegexNode } from './regex-node.ts';
import { readText, type TextReader } from './text-reader.ts';

const maxDepth = 50;

const maxCount = 1_000;

/**
 * The structure of a regular expression in the common subset of JavaScript and PCRE. Constructs that other
 * engines read differently, or that no engine can bound, are refused rather than guessed at.
 *
 * @throws RegexError with the offset of what is wrong.
 */
export function parseRegex(source: string, flags: string): RegexNode {
  const reader = readText(source);
  const node = parseChoice(reader, flags.includes('s'), 0);
  if (!reader.atEnd())
    throw new RegexError('MATCH_REGEX_INVALID', reader.offset(), "')' closes no group.", "Write '\\)' for a bracket.");
  return node;
}

function parseChoice(reader: TextReader, dotAll: boolean, depth: number): RegexNode {
  if (depth > maxDepth)
    throw new RegexError('MATCH_REGEX_TOO_LARGE', reader.offset(), `Groups are nested more than ${maxDepth} deep.`);
  const branches: RegexNode[] = [];
  do {
    const items: RegexNode[] = [];
    while (!reader.atEnd() && reader.peek() !== '|' && reader.peek() !== ')')
      items.push(parseRepeat(reader, dotAll, depth));
    branches.push(items.length === 1 ? (items[0] as RegexNode) : { kind: 'sequence', of: items });
  } while (reader.take('|'));
  return branches.length === 1 ? (branches[0] as RegexNode) : { kind: 'choice', of: branches };
}

function parseRepeat(reader: TextReader, dotAll: boolean, depth: number): RegexNode {
  const start = reader.offset();
  const isGroup = reader.peek() === '(';
  const node = parseAtom(reader, dotAll, depth);
  const quantifierAt = reader.offset();
  const counts = parseQuantifier(reader);
  if (!counts) return node;
  if (reader.take('+')) {
    throw new RegexError(
      'MATCH_REGEX_UNSUPPORTED',
      quantifierAt,
      'Possessive quantifiers are not supported.',
      'Leave the second + away.',
    );
  }
  reader.take('?');
  if (node.kind === 'assert' && !isGroup) {
    throw new RegexError('MATCH_REGEX_INVALID', start, 'An anchor can not be repeated.', 'Leave the quantifier away.');
  }
  if (isQuantifier(reader)) throw nothingToRepeat(reader);
  return { kind: 'repeat', of: node, ...counts };
}

function parseQuantifier(reader: TextReader): { readonly min: number; readonly max: number } | undefined {
  if (reader.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (reader.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (reader.take('?')) return { min: 0, max: 1 };
  const at = reader.offset();
  const found = reader.takePattern(/\{(\d{1,6})(,(\d{0,6}))?\}/y);
  if (!found) return undefined;
  const min = Number(found[1]);
  const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
  if (min > maxCount || (max > maxCount && max !== Number.POSITIVE_INFINITY)) {
    throw new RegexError(
      'MATCH_REGEX_TOO_LARGE',
      at,
      `'${found[0]}' counts beyond ${maxCount}.`,
      'Use * or + for many.',
    );
  }
  if (max < min)
    throw new RegexError('MATCH_REGEX_INVALID', at, `'${found[0]}' counts downwards.`, `Write {${max},${min}}.`);
  return { min, max };
}

function parseAtom(reader: TextReader, dotAll: boolean, depth: number): RegexNode {
  if (isQuantifier(reader)) throw nothingToRepeat(reader);
  if (reader.take('(')) return parseGroup(reader, dotAll, depth);
  if (reader.take('[')) return { kind: 'set', set: parseClass(reader) };
  if (reader.take('\\')) return parseEscapedAtom(reader);
  if (reader.take('^')) return { kind: 'assert', what: 'start' };
  if (reader.take('$')) return { kind: 'assert', what: 'end' };
  if (reader.take('.')) return { kind: 'set', set: { ranges: dotAll ? [] : classes.lineEnd, negated: true } };
  const unit = reader.next().charCodeAt(0);
  return { kind: 'set', set: { ranges: [[unit, unit]], negated: false } };
}

function parseEscapedAtom(reader: TextReader): RegexNode {
  if (reader.take('b')) return { kind: 'assert', what: 'boundary' };
  if (reader.take('B')) return { kind: 'assert', what: 'no-boundary' };
  return { kind: 'set', set: { ranges: parseEscape(reader), negated: false } };
}

function parseGroup(reader: TextReader, dotAll: boolean, depth: number): RegexNode {
  const start = reader.offset() - 1;
  if (reader.take('?')) checkGroupKind(reader, start);
  const node = parseChoice(reader, dotAll, depth + 1);
  if (!reader.take(')'))
    throw new RegexError(
      'MATCH_REGEX_INVALID',
      start,
      'The group is not closed.',
      "Write ')' at its end, or '\\(' for a bracket.",
    );
  return node;
}

function checkGroupKind(reader: TextReader, start: number): void {
  if (reader.take(':') || reader.takePattern(/<[A-Za-z_]\w*>/y)) return;
  const found = reader.takePattern(/<?[=!]/y);
  if (found) {
    throw new RegexError(
      'MATCH_REGEX_UNSUPPORTED',
      start,
      `Lookaround '(?${found[0]}' is not supported: no engine can bound its running time.`,
      'Split the value into two items: one that must match and, under `not`, one that must not.',
    );
  }
  throw new RegexError(
    'MATCH_REGEX_UNSUPPORTED',
    start,
    `'(?${reader.rest(3)}…' is not supported here.`,
    "Write '(?:' for a group, and flags as modifiers: |re|i, |re|m, |re|s.",
  );
}

function isQuantifier(reader: TextReader): boolean {
  return /^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(reader.rest(20));
}

function nothingToRepeat(reader: TextReader): RegexError {
  return new RegexError(
    'MATCH_REGEX_INVALID',
    reader.offset(),
    `Nothing stands before '${reader.peek()}' that it could repeat.`,
    `Write '\\${reader.peek()}' for the character.`,
  );
}
