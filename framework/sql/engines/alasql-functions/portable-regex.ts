import { Unproven } from '../../print-alasql/unproven.ts';

/** A pattern as JavaScript's, with how many groups capture. */
export interface PortableRegex {
  readonly regex: RegExp;
  readonly groups: number;
  /** Whether a group is repeated: what it captures in the end differs between engines. */
  readonly repeatsGroups: boolean;
}

const classes: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: '\\t\\n\\f\\r ',
};
const controls: Readonly<Record<string, string>> = { n: '\\n', t: '\\t', r: '\\r', f: '\\f' };
const known = new Map<string, PortableRegex>();

/**
 * A RE2 pattern, as DuckDB reads it, as JavaScript's regular expression that finds the same.
 *
 * @throws Unproven for what the two read differently, or only one of them reads.
 */
export function portableRegex(pattern: string): PortableRegex {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  const translated = translate(pattern);
  known.set(pattern, translated);
  return translated;
}

interface Reader {
  readonly points: readonly string[];
  at: number;
  out: string;
  groups: number;
  repeatsGroups: boolean;
}

function translate(pattern: string): PortableRegex {
  const isFolded = pattern.startsWith('(?i)');
  const reader: Reader = {
    points: Array.from(isFolded ? pattern.slice(4) : pattern),
    at: 0,
    out: '',
    groups: 0,
    repeatsGroups: false,
  };
  // What a repetition may stand behind.
  let atom: 'none' | 'one' | 'group' = 'none';
  while (reader.at < reader.points.length) atom = readPart(reader, atom);
  try {
    const regex = new RegExp(reader.out, isFolded ? 'giu' : 'gu');
    return { regex, groups: reader.groups, repeatsGroups: reader.repeatsGroups };
  } catch {
    return refuse(pattern);
  }
}

function readPart(reader: Reader, before: 'none' | 'one' | 'group'): 'none' | 'one' | 'group' {
  const point = next(reader);
  switch (point) {
    case '(':
      return openGroup(reader);
    case ')':
      reader.out += ')';
      return 'group';
    case '^':
    case '$':
    case '|':
      reader.out += point;
      return 'none';
    case '.':
      reader.out += '[^\\n]';
      return 'one';
    case '[':
      readClass(reader);
      return 'one';
    case '\\':
      reader.out += escaped(next(reader), false);
      return 'one';
    case '*':
    case '+':
    case '?':
    case '{':
      if (before === 'none') return refuse(point);
      if (before === 'group' && point !== '?') reader.repeatsGroups = true;
      repeat(reader, point);
      return 'none';
    default:
      reader.out += literal(point);
      return 'one';
  }
}

function openGroup(reader: Reader): 'none' {
  if (peek(reader) !== '?') {
    reader.groups++;
    reader.out += '(';
    return 'none';
  }
  next(reader);
  if (next(reader) !== ':') refuse('(?');
  reader.out += '(?:';
  return 'none';
}

function repeat(reader: Reader, sign: string): void {
  let written = sign;
  if (sign === '{') {
    while (peek(reader) !== '}') written += next(reader);
    written += next(reader);
    const bounds = /^\{(\d{1,3})(,(\d{1,3})?)?\}$/.exec(written);
    if (bounds === null || Number(bounds[1]) > Number(bounds[3] ?? bounds[1])) refuse(written);
  }
  if (peek(reader) === '?') written += next(reader);
  reader.out += written;
}

function readClass(reader: Reader): void {
  let out = '[';
  if (peek(reader) === '^') out += next(reader);
  if (peek(reader) === ']') refuse('[]');
  while (peek(reader) !== ']') {
    const point = next(reader);
    if (point === '[') refuse('[[');
    if (point === '\\') {
      out += escaped(next(reader), true);
    } else {
      const isRange = point === '-' && out.length > 1 && out !== '[^' && peek(reader) !== ']';
      out += isRange ? '-' : literal(point);
    }
  }
  next(reader);
  reader.out += `${out}]`;
}

function escaped(point: string, isInClass: boolean): string {
  const lower = point.toLowerCase();
  const set = classes[lower];
  if (set !== undefined) {
    if (!isInClass) return point === lower ? `[${set}]` : `[^${set}]`;
    return point === lower ? set : refuse(`[\\${point}]`);
  }
  const control = controls[point];
  if (control !== undefined) return control;
  return /^[!-/:-@[-`{-~]$/.test(point) ? literal(point) : refuse(`\\${point}`);
}

function literal(point: string): string {
  return `\\u{${(point.codePointAt(0) ?? 0).toString(16)}}`;
}

function peek(reader: Reader): string | undefined {
  return reader.points[reader.at];
}

function next(reader: Reader): string {
  const point = reader.points[reader.at++];
  return point ?? refuse('an unfinished part');
}

function refuse(what: string): never {
  throw new Unproven(`it matches by a regular expression with ${what}, which engines read differently`);
}
