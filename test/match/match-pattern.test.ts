import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  compilePattern,
  matchPieces,
  type Searchable,
  splitPieces,
} from '../../framework/match/evaluate/match-pattern.ts';
import { parsePattern } from '../../framework/match/parse/parse-pattern.ts';

it('a pattern matches exactly what the regular expression it stands for does', () => {
  const patterns = fc.array(fc.constantFrom('a', 'b', '*', '?', '😀'), { maxLength: 8 }).map((parts) => parts.join(''));
  const texts = fc.array(fc.constantFrom('a', 'b', '😀', '\n'), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
      expect(compilePattern(parsePattern(pattern), true)(text)).toBe(regex.test(text));
    }),
    { numRuns: 5_000 },
  );
});

it('an adversarial text costs a few searches, each character read once', () => {
  const pattern = String.raw`cmd.exe /C * > \\\\*\\*\\* 2>&1`;
  const text = `cmd.exe /C ${String.raw` > \\\\a\\b`.repeat(7_500)} 2>&2`;
  const counted = countReads(text);
  expect(matchPieces(counted.text, splitPieces(parsePattern(pattern), true))).toBe(false);
  expect(counted.searches()).toBeLessThanOrEqual(6);
  expect(counted.charactersRead()).toBeLessThanOrEqual(text.length * 2);
});

it('a piece with ? costs at most its length for each character', () => {
  const text = 'a'.repeat(2_000);
  const counted = countReads(text);
  expect(matchPieces(counted.text, splitPieces(parsePattern('*a?aaaab*aaaa?b*'), true))).toBe(false);
  expect(counted.charactersRead()).toBeLessThanOrEqual(text.length * 16);
});

function countReads(text: string): {
  readonly text: Searchable;
  searches(): number;
  charactersRead(): number;
} {
  let searches = 0;
  let read = 0;
  const counting: Searchable = {
    length: text.length,
    indexOf(needle, from = 0) {
      searches++;
      const found = text.indexOf(needle, from);
      read += (found < 0 ? text.length : found + needle.length) - from;
      return found;
    },
    startsWith(needle, at) {
      read += needle.length;
      return text.startsWith(needle, at);
    },
    endsWith(needle) {
      read += needle.length;
      return text.endsWith(needle);
    },
    charCodeAt(index) {
      read++;
      return text.charCodeAt(index);
    },
  };
  return { text: counting, searches: () => searches, charactersRead: () => read };
}
