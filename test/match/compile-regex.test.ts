import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backtrackingCost } from '../../framework/match/regex/backtracking-cost.ts';
import { compileRegex } from '../../framework/match/regex/compile-regex.ts';
import { parseRegex } from '../../framework/match/regex/parse-regex.ts';
import { RegexError } from '../../framework/match/regex/regex-error.ts';
import { buildProgram } from '../../framework/match/regex/regex-program.ts';
import { runProgram } from '../../framework/match/regex/run-program.ts';

const runLinear = (source: string, flags: string, text: string): boolean =>
  runProgram(buildProgram(parseRegex(source, flags)), text, flags);

it('the linear engine agrees with V8 on every expression that both accept', () => {
  const atoms = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\d',
    '\\W',
    '\\s',
    '^',
    '$',
    '\\b',
    '\\B',
    'é',
    'K',
    'ß',
    'ſ',
    '\\x41',
    '[a-]',
    '\\.',
  );
  const { regex } = fc.letrec((tie) => ({
    regex: fc.oneof(
      { maxDepth: 4 },
      atoms,
      fc.array(tie('regex'), { maxLength: 4 }).map((parts) => parts.join('')),
      fc.tuple(tie('regex'), tie('regex')).map(([left, right]) => `(?:${left}|${right})`),
      fc
        .tuple(tie('regex'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '{0}'))
        .map(([inner, count]) => `(${inner})${count}`),
      fc
        .tuple(fc.constantFrom('a', '.', '[ab]'), fc.constantFrom('*', '+', '?', '{2,3}'))
        .map((parts) => parts.join('')),
    ),
  }));
  const texts = fc.array(fc.constantFrom('a', 'b', 'A', '1', ' ', '\n', 'É', 'k', 'S', '\u212a', '.', '-'), {
    maxLength: 8,
  });
  const flags = fc.subarray(['i', 'm', 's']).map((chosen) => chosen.join(''));
  fc.assert(
    fc.property(regex as fc.Arbitrary<string>, flags, texts, (source, chosen, parts) => {
      const text = parts.join('');
      expect(runLinear(source, chosen, text)).toBe(new RegExp(source, chosen).test(text));
    }),
    { numRuns: 5_000 },
  );
});

it.each([
  ['(\\w+\\s?)+:$', 'nested repeats'],
  ['(a|aa)+$', 'a repeat of overlapping branches'],
  ['(a?){30}a{30}', 'many optional parts'],
  ['.*.*.*=.*', 'neighbouring repeats'],
  ['(?:a*)*b', 'a repeat of a repeat'],
])('%s is run by the linear engine on a long text (%s)', (source) => {
  const { ways, loops, length } = backtrackingCost(parseRegex(source, ''), '');
  const textLength = 100_000;
  expect(ways * textLength ** loops * length).toBeGreaterThan(10_000_000);
  // V8 alone would not return within the life of the test.
  expect(compileRegex(source, '')(`${'a'.repeat(5_000)}!`)).toBe(source.includes('{30}'));
});

it.each([
  ['^x\\d{1,3}$', 1, 3, 0],
  ['x\\d{1,3}$', 1, 3, 1],
  ['x.*y', 1, 1, 2],
  ['(?:a|b)c?', 1, 4, 1],
  ['(?:ab)+', 1, Number.POSITIVE_INFINITY, 2],
])('the worst case of %s is known', (source, _row, ways, loops) => {
  expect(backtrackingCost(parseRegex(source, ''), '')).toMatchObject({ ways, loops });
});

it.each([
  ['x)', 'MATCH_REGEX_INVALID', 1],
  ['(x', 'MATCH_REGEX_INVALID', 0],
  ['x[ab', 'MATCH_REGEX_INVALID', 1],
  ['*x', 'MATCH_REGEX_INVALID', 0],
  ['x**', 'MATCH_REGEX_INVALID', 2],
  ['x{3,1}', 'MATCH_REGEX_INVALID', 1],
  ['[z-a]', 'MATCH_REGEX_INVALID', 1],
  ['[\\d-z]', 'MATCH_REGEX_INVALID', 1],
  ['^*', 'MATCH_REGEX_INVALID', 0],
  ['x\\', 'MATCH_REGEX_INVALID', 1],
  ['(?<a>x)(?<a>y)', 'MATCH_REGEX_INVALID', 0],
  ['(x)\\1', 'MATCH_REGEX_UNSUPPORTED', 3],
  ['(?<a>x)\\k<a>', 'MATCH_REGEX_UNSUPPORTED', 7],
  ['(?=x)', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['(?!x)', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['(?<=x)', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['(?<!x)', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['(?>x)', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['(?P<a>x)', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['x(?i)y', 'MATCH_REGEX_UNSUPPORTED', 1],
  ['x++', 'MATCH_REGEX_UNSUPPORTED', 1],
  ['\\Ax', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['\\p{L}', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['\\u{41}', 'MATCH_REGEX_UNSUPPORTED', 0],
  ['[[:alpha:]]', 'MATCH_REGEX_UNSUPPORTED', 1],
  ['x{2000}', 'MATCH_REGEX_TOO_LARGE', 1],
  ['(?:x{100}){100}', 'MATCH_REGEX_TOO_LARGE', 0],
  ['('.repeat(60), 'MATCH_REGEX_TOO_LARGE', 51],
])('%s is refused with %s at offset %d', (source, code, offset) => {
  expect(() => compileRegex(source, '')).toThrow(expect.objectContaining({ code, offset }));
});

it('any text at all is compiled or refused', () => {
  const texts = fc
    .array(fc.constantFrom(...'ab()[]{}|*+?.^$\\-,01dwk<=!:P'), { maxLength: 20 })
    .map((chars) => chars.join(''));
  fc.assert(
    fc.property(texts, (source) => {
      try {
        expect(typeof compileRegex(source, '')('ab01')).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(RegexError);
      }
    }),
    { numRuns: 5_000 },
  );
});
