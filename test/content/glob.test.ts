import { describe, expect, it } from 'vitest';
import { glob } from '../../framework/index.ts';

describe('glob', () => {
  it.each([
    ['invoice.exe', '*.exe', true],
    ['invoice.EXE', '*.exe', false],
    ['invoice.exe.txt', '*.exe', false],
    ['', '*', true],
    ['', '', true],
    ['a', '', false],
    ['', '?', false],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['abcbcd', 'a*bcd', true],
    ['abcbc', 'a*bcd', false],
    ['mississippi', 'm*iss*ip*i', true],
    ['mississippi', 'm*iss*ipx*i', false],
    ['a*b', 'a\\*b', true],
    ['axb', 'a\\*b', false],
    ['a?b', 'a\\?b', true],
    ['a\\b', 'a\\\\b', true],
    ['C:\\Temp\\x', 'C:\\Temp*', true],
    ['(a+)[b]', '(a+)[b]', true],
    ['🐈', '?', true],
    ['x🐈y', '*?y', true],
    ['line\nbreak', 'line*break', true],
  ])('%j matches %j: %s', (text, pattern, expected) => {
    expect(glob(text, pattern)).toBe(expected);
  });

  it('one of several patterns is enough', () => {
    expect(glob('b.dll', '*.exe', '*.dll')).toBe(true);
    expect(glob('b.dll')).toBe(false);
  });

  it.each([undefined, null, 7, {}])('%j is no text and matches nothing', (value) => {
    expect(glob(value, '*')).toBe(false);
  });

  it('many stars over a long text take no exponential time', () => {
    expect(glob('a'.repeat(20_000), `${'*a'.repeat(30)}*b`)).toBe(false);
  });
});
