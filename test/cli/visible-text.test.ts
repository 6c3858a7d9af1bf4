import { expect, it } from 'vitest';
import { visibleLine, visibleText } from '../../framework/cli/visible-text.ts';

it.each([
  ['plain text', 'plain text'],
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\u001b]52;c;ZXZpbA==\u0007', '\\x1b]52;c;ZXZpbA==\\x07'],
  ['over\rwritten', 'over\\x0dwritten'],
  ['two\r\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['\u009b31m', '\\x9b31m'],
  ['admin\u202etxt.exe', 'admin\\u202etxt.exe'],
  ['Jörg 猫 🐈', 'Jörg 猫 🐈'],
])('%j is shown as %j', (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it('one line stays one line', () => {
  expect(visibleLine('a\nb\tc')).toBe('a\\nb\\tc');
});
