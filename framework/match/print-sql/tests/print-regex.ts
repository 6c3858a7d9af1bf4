import { parseRegex } from '../../regex/parse-regex.ts';
import { type CharSet, complement, type RegexNode } from '../../regex/regex-node.ts';
import { bindValue } from '../json-text.ts';
import { textConstant } from '../literal.ts';
import { exactly, type Printed } from '../printed.ts';
import { closeOverCase } from './letter-cases.ts';

type Ranges = readonly (readonly [number, number])[];

const surrogates = [0xd800, 0xdfff] as const;
/** Stands for each half of a character beyond 16 bits, which JavaScript sees as two and RE2 as one. */
const standIn = '\u{e000}';

/**
 * Whether a regular expression is found in a text. It is printed from its structure, each set of characters
 * written out, so that RE2 and JavaScript can't read it differently.
 */
export function printRegex(source: string, flags: string, text: string): Printed {
  const writer = new RegexWriter(flags);
  const regex = writer.write(parseRegex(source, flags));
  const find = (value: string): string => `regexp_matches(${value}, ${textConstant(regex)})`;
  // Only texts with other than ASCII have characters beyond 16 bits.
  const paired = (value: string): string =>
    `regexp_replace(${value}, '[^\\x{0}-\\x{ffff}]', '${standIn}${standIn}', 'g')`;
  const sql = !writer.readsHalves
    ? find(text)
    : bindValue(
        text,
        (value) => `CASE WHEN strlen(${value}) = length(${value}) THEN ${find(value)} ELSE ${find(paired(value))} END`,
      );
  return writer.isExact ? exactly(sql) : { over: sql, under: 'false' };
}

/** Writes RE2's syntax. What RE2 can't say is written as more than was meant. */
class RegexWriter {
  isExact = true;
  /** Whether a set takes halves of characters beyond 16 bits. */
  readsHalves = false;
  readonly #ignoresCase: boolean;
  readonly #isMultiline: boolean;

  constructor(flags: string) {
    this.#ignoresCase = flags.includes('i');
    this.#isMultiline = flags.includes('m');
  }

  write(node: RegexNode): string {
    switch (node.kind) {
      case 'set':
        return this.#writeSet(node.set);
      case 'assert':
        return this.#writeAssertion(node.what);
      case 'sequence':
        return node.of.map((part) => (part.kind === 'choice' ? `(?:${this.write(part)})` : this.write(part))).join('');
      case 'choice':
        return node.of.map((branch) => this.write(branch)).join('|');
      case 'repeat':
        return this.#writeRepeat(node);
    }
  }

  #writeRepeat({ of, min, max }: Extract<RegexNode, { kind: 'repeat' }>): string {
    const counts = max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`;
    return `(?:${this.write(of)})${min === 0 && max === Number.POSITIVE_INFINITY ? '*' : counts}`;
  }

  #writeAssertion(what: Extract<RegexNode, { kind: 'assert' }>['what']): string {
    if (what === 'boundary') return '\\b';
    // RE2 knows one kind of line end, and sees places between the bytes of a character.
    if (what === 'no-boundary' || this.#isMultiline) {
      this.isExact = false;
      return '';
    }
    // In a group, or DuckDB makes a LIKE of it that takes `\z5` for `5\z`.
    return what === 'start' ? '(\\A)' : '(\\z)';
  }

  #writeSet({ ranges, negated }: CharSet): string {
    const cased = this.#ignoresCase ? closeOverCase(ranges) : ranges;
    const taken = mergeRanges(negated ? complement(cased) : cased);
    const halves = taken.filter(([low, high]) => low <= surrogates[1] && high >= surrogates[0]);
    if (halves.length === 0) return writeRanges(taken);
    const takesAll = halves.some(([low, high]) => low <= surrogates[0] && high >= surrogates[1]);
    const takesStandIn = taken.some(([low, high]) => low <= 0xe000 && high >= 0xe000);
    if (!takesAll || !takesStandIn) this.isExact = false;
    this.readsHalves = true;
    return writeRanges(mergeRanges([...taken, [0xe000, 0xe000]]));
  }
}

/** Disjoint ranges in order. */
function mergeRanges(ranges: Ranges): Ranges {
  return complement(complement(ranges));
}

/** RE2 refuses a set that names surrogates, and has no empty one. */
function writeRanges(ranges: Ranges): string {
  const members = ranges.flatMap(([low, high]): Ranges => {
    if (high < surrogates[0] || low > surrogates[1]) return [[low, high]];
    const below: Ranges = low < surrogates[0] ? [[low, surrogates[0] - 1]] : [];
    return high > surrogates[1] ? [...below, [surrogates[1] + 1, high]] : below;
  });
  if (members.length === 0) return '[^\\x{0}-\\x{10ffff}]';
  const [first] = members as [readonly [number, number]];
  if (members.length === 1 && first[0] === first[1]) return writeUnit(first[0]);
  return `[${members.map(([low, high]) => (low === high ? writeUnit(low) : `${writeUnit(low)}-${writeUnit(high)}`)).join('')}]`;
}

function writeUnit(unit: number): string {
  const char = String.fromCharCode(unit);
  return /[A-Za-z0-9]/.test(char) ? char : `\\x{${unit.toString(16)}}`;
}
