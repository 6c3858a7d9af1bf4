import { expect, it } from 'vitest';
import { cellText } from '../../../framework/cli/reporters/cell-text.ts';
import { renderCsv } from '../../../framework/cli/reporters/csv.ts';
import { renderTable } from '../../../framework/cli/reporters/table.ts';
import { openTerminal } from '../../../framework/cli/terminal.ts';

const colors = openTerminal({ color: false }).colors;

it('a table aligns, and needs no border', () => {
  const table = renderTable({
    columns: [{ name: 'member' }, { name: 'adds', right: true }],
    rows: [
      ['bart@example.com', '3'],
      ['猫@example.com', '12'],
      ['', '100'],
    ],
    colors,
  });
  expect(table).toBe(
    ['member            adds', 'bart@example.com     3', '猫@example.com      12', '                   100'].join('\n'),
  );
});

it('a long cell is cut, and what a terminal would obey is shown', () => {
  const table = renderTable({
    columns: [{ name: 'a' }],
    rows: [['x'.repeat(100)], ['\u001b[2J\nb']],
    colors,
    maxColumnWidth: 10,
  });
  expect(table.split('\n')).toEqual(['a', 'xxxxxxxxx…', '\\x1b[2J\\nb']);
});

it.each([
  [null, ''],
  [undefined, ''],
  ['text', 'text'],
  [3, '3'],
  [false, 'false'],
  [{ a: [1] }, '{"a":[1]}'],
])('the cell of %j is %j', (value, text) => {
  expect(cellText(value)).toBe(text);
});

it('CSV quotes what needs it', () => {
  const rows = [
    { a: 'plain', b: 1 },
    { a: 'with "quotes", a comma', b: null },
    { a: 'two\nlines', b: { c: 1 } },
  ];
  expect(renderCsv(['a', 'b'], rows)).toBe(
    ['a,b', 'plain,1', '"with ""quotes"", a comma",', '"two\nlines","{""c"":1}"'].join('\r\n'),
  );
});
