import { RegexError } from './regex-error.ts';
import { type CharSet, classes, complement } from './regex-node.ts';
import type { TextReader } from './text-reader.ts';

type Ranges = readonly (readonly [number, number])[];

const control: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12 };

/** A character class, from behind its `[` to behind its `]`. */
export function parseClass(reader: TextReader): CharSet {
  const start = reader.offset() - 1;
  const negated = reader.take('^');
  const ranges: (readonly [number, number])[] = [];
  while (!reader.take(']')) {
    if (reader.atEnd())
      throw new RegexError(
        'MATCH_REGEX_INVALID',
        start,
        'The character class is not closed.',
        "Write ']' at its end, or '\\[' for a bracket.",
      );
    if (/^\[[:.=]/.test(reader.rest(2))) {
      throw new RegexError(
        'MATCH_REGEX_UNSUPPORTED',
        reader.offset(),
        'POSIX classes are not supported.',
        "Write '\\d', '\\w', '\\s' or a range: '[a-z]'.",
      );
    }
    const at = reader.offset();
    const low = parseMember(reader);
    if (reader.peek() !== '-' || reader.rest(2) === '-]' || reader.rest(2) === '-') {
      ranges.push(...low);
      continue;
    }
    reader.take('-');
    const high = parseMember(reader);
    const [from, to] = [single(low), single(high)];
    if (from === undefined || to === undefined) {
      throw new RegexError(
        'MATCH_REGEX_INVALID',
        at,
        'A range needs a character on both sides.',
        "Write the hyphen as '\\-'.",
      );
    }
    if (from > to)
      throw new RegexError('MATCH_REGEX_INVALID', at, 'The range runs backwards.', 'Write the lower character first.');
    ranges.push([from, to]);
  }
  return { ranges, negated };
}

/** What an escape stands for, from behind its backslash. */
export function parseEscape(reader: TextReader): Ranges {
  const at = reader.offset() - 1;
  const char = reader.next();
  if (char === '')
    throw new RegexError('MATCH_REGEX_INVALID', at, 'A backslash stands at the end.', "Write '\\\\' for a backslash.");
  if (char === 'd' || char === 'w' || char === 's') return classes[char];
  if (char === 'D' || char === 'W' || char === 'S') return complement(classes[char.toLowerCase() as 'd' | 'w' | 's']);
  const code = control[char];
  if (code !== undefined) return [[code, code]];
  if (char === 'x' || char === 'u') return parseCode(reader, at, char);
  if (char === '0' && !/\d/.test(reader.peek())) return [[0, 0]];
  if (/[1-9k]/.test(char)) {
    throw new RegexError(
      'MATCH_REGEX_UNSUPPORTED',
      at,
      `The backreference '\\${char}' is not supported: no engine can bound its running time.`,
      'Compare two fields with the fieldref modifier, or list the values.',
    );
  }
  if (/[A-Za-z0-9]/.test(char)) {
    throw new RegexError('MATCH_REGEX_UNSUPPORTED', at, `The escape '\\${char}' is not supported.`, escapeHint(char));
  }
  const unit = char.charCodeAt(0);
  return [[unit, unit]];
}

function parseMember(reader: TextReader): Ranges {
  if (!reader.take('\\')) {
    const unit = reader.next().charCodeAt(0);
    return [[unit, unit]];
  }
  return reader.take('b') ? [[8, 8]] : parseEscape(reader);
}

function parseCode(reader: TextReader, at: number, kind: 'x' | 'u'): Ranges {
  const found = reader.takePattern(kind === 'x' ? /[0-9A-Fa-f]{2}/y : /[0-9A-Fa-f]{4}/y);
  if (!found) {
    throw new RegexError(
      'MATCH_REGEX_UNSUPPORTED',
      at,
      `'\\${kind}' needs ${kind === 'x' ? 'two' : 'four'} hexadecimal digits.`,
      "Write '\\x41' or '\\u0041'.",
    );
  }
  const unit = Number.parseInt(found[0], 16);
  return [[unit, unit]];
}

function single(ranges: Ranges): number | undefined {
  const [first] = ranges;
  return ranges.length === 1 && first && first[0] === first[1] ? first[0] : undefined;
}

function escapeHint(char: string): string {
  if (char === 'A') return "Write '^' for the start.";
  if (char === 'Z' || char === 'z') return "Write '$' for the end.";
  if (char === 'h') return "Write '[ \\t]' for a blank.";
  return 'Leave the backslash away for the character itself.';
}
