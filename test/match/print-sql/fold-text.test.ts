import { expect, it } from 'vitest';
import { foldCase } from '../../../framework/match/evaluate/fold-case.ts';
import { foldText } from '../../../framework/match/print-sql/fold-text.ts';
import { createQueryInstance } from '../../../framework/runtime/lake/query-instance.ts';

it('SQL folds every character as the evaluator does', async () => {
  const instance = await createQueryInstance();
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(
    `SELECT i, 'x' || ${foldText('chr(i::INTEGER)')} FROM range(1, 1114112) AS t(i) WHERE i < 55296 OR i > 57343`,
  );
  const different = result
    .getRows()
    .filter(([i, folded]) => `x${foldCase(String.fromCodePoint(Number(i)))}` !== folded);
  expect(different).toEqual([]);
  connection.closeSync();
  instance.closeSync();
});

it('a needle that only lower case is needed for costs no more', () => {
  expect(foldText('"a"', 'istanbul')).toBe('lower("a")');
  expect(foldText('"a"', 'σ')).toMatch(/^translate\(lower\("a"\), /);
});
