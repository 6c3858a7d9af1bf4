import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scanCsv } from '../../../framework/compile/lookups/scan-csv.ts';

const texts = (csv: string) => scanCsv(csv).lines.map((line) => line.map(({ text }) => text));

it.each<[string, (string | undefined)[][]]>([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\n,""\n',
    [
      ['a', 'b'],
      [undefined, ''],
    ],
  ],
  ['"a, ""b""","c\nd"\n', [['a, "b"', 'c\nd']]],
  [' a , b\n', [[' a ', ' b']]],
  ['\n\na\n\n', [['a']]],
  ['a,\n', [['a', undefined]]],
  ['', []],
])('%j is read cell by cell', (csv, expected) => {
  expect(scanCsv(csv).flaw).toBeUndefined();
  expect(texts(csv)).toEqual(expected);
});

it('each cell knows its place, behind line breaks in quotes too', () => {
  const places = scanCsv('a,"b\nc",d\ne,f\n').lines.map((line) => line.map(({ line: at, col }) => [at, col]));
  expect(places).toEqual([
    [
      [1, 1],
      [1, 3],
      [2, 4],
    ],
    [
      [3, 1],
      [3, 3],
    ],
  ]);
});

it.each([
  ['a\n"b', { message: 'These quotes are never closed.', line: 2, col: 1 }],
  ['a\nb"c"\n', { message: 'Quotes stand amid a cell.', line: 2, col: 2 }],
  ['a\n"b"c\n', { message: 'Something stands behind closing quotes.', line: 2, col: 4 }],
])('%j breaks the rules of quotes', (csv, flaw) => {
  expect(scanCsv(csv)).toMatchObject({ flaw, lines: [[{ text: 'a' }]] });
});

it('whatever is written with quotes is read as it was', () => {
  const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(
      fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é') }), {
        minLength: width,
        maxLength: width,
      }),
    ),
  );
  fc.assert(
    fc.property(table, (rows) => {
      const csv = rows.map((row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n`).join('');
      expect(texts(csv)).toEqual(rows);
    }),
  );
});
