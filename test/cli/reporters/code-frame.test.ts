import { expect, it } from 'vitest';
import { codeFrame } from '../../../framework/cli/reporters/code-frame.ts';

it('puts the caret under the column', () => {
  expect(codeFrame('title: x\nlevle: high\n', 2, 1)).toBe(['2 │ levle: high', '  │ ^'].join('\n'));
  expect(codeFrame('a: 1\r\nb: 2\r\n', 2, 4)).toBe(['2 │ b: 2', '  │    ^'].join('\n'));
});

it('counts a tab as one column', () => {
  expect(codeFrame('\tconst x = 1;', 1, 8)).toBe(['1 │  const x = 1;', '  │        ^'].join('\n'));
});

it('puts the caret behind a line that ends before the column', () => {
  expect(codeFrame('ab', 1, 99)).toBe(['1 │ ab', '  │   ^'].join('\n'));
});

it('cuts a long line around the column', () => {
  const frame = codeFrame(`${'a'.repeat(300)}X${'b'.repeat(300)}`, 1, 301) as string;
  const [line = '', caret = ''] = frame.split('\n');
  expect(line.length).toBeLessThan(120);
  expect(line[caret.indexOf('^')]).toBe('X');
  expect(line).toContain('…');
});

it('keeps the caret right behind characters that are shown as escapes', () => {
  const [line = '', caret = ''] = (codeFrame('a\u001bX', 1, 3) as string).split('\n');
  expect(line).toBe('1 │ a\\x1bX');
  expect(line[caret.indexOf('^')]).toBe('X');
});

it.each([
  ['a line that is not there', 'one\ntwo', 9],
  ['an empty line', 'one\n\nthree', 2],
])('shows nothing for %s', (_name, content, line) => {
  expect(codeFrame(content, line, 1)).toBeUndefined();
});
