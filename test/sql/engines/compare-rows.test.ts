import { expect, test } from 'vitest';
import { compareRows } from '../../../framework/sql/engines/compare-rows.ts';

const [one, two] = [{ id: 1 }, { id: 2 }];

test.each([
  ['equal rows', [one, two], [one, two], false, undefined],
  ['another order where none is asked for', [one, two], [two, one], false, undefined],
  [
    'another order where it is total',
    [one, two],
    [two, one],
    true,
    'Row 1 is {"id":1} on DuckDB and {"id":2} on alasql.',
  ],
  ['a row less', [one, two], [one], false, 'DuckDB gives 2 rows, alasql 1 row.\nOnly DuckDB: {"id":2}'],
  ['a row twice', [one], [one, one], false, 'DuckDB gives 1 row, alasql 2 rows.\nOnly alasql: {"id":1}'],
  [
    'another value',
    [one],
    [two],
    false,
    'DuckDB gives 1 row, alasql 1 row.\nOnly DuckDB: {"id":1}\nOnly alasql: {"id":2}',
  ],
  ['the last digits of a sum', [{ s: 0.1 + 0.2 }, one], [{ s: 0.3 }, one], false, undefined],
  [
    'whole numbers that are close',
    [{ s: 10_000_000_000 }],
    [{ s: 10_000_000_001 }],
    false,
    'DuckDB gives 1 row, alasql 1 row.\nOnly DuckDB: {"s":10000000000}\nOnly alasql: {"s":10000000001}',
  ],
  [
    'a text and a number',
    [{ s: '1' }],
    [{ s: 1 }],
    false,
    'DuckDB gives 1 row, alasql 1 row.\nOnly DuckDB: {"s":"1"}\nOnly alasql: {"s":1}',
  ],
  [
    'many rows',
    Array.from({ length: 9 }, (_, id) => ({ id })),
    [],
    false,
    'DuckDB gives 9 rows, alasql 0 rows.\nOnly DuckDB: {"id":0}, {"id":1}, {"id":2}, … (9 in all)',
  ],
])('%s', (_, duckdb, alasql, isOrdered, expected) => {
  expect(compareRows({ duckdb, alasql, isOrdered })).toBe(expected);
});
