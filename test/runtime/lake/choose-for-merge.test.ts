import { expect, it } from 'vitest';
import { chooseForMerge } from '../../../framework/runtime/lake/choose-for-merge.ts';
import type { Part } from '../../../framework/runtime/lake/part.ts';

function part(name: string, bytes: number, run?: string): Part {
  return { file: name, table: 't', day: '2026-01-01', rowCount: 1, bytes, lastSequence: 1, run };
}

const small = Array.from({ length: 8 }, (_, n) => part(`small ${n}`, 10));
const run = Array.from({ length: 20 }, (_, n) => part(`range ${n}`, 50, 'one'));

it('parts of one merge count as one, and are merged together or not at all', () => {
  expect(chooseForMerge([...run, ...small.slice(1)])).toEqual([]);
  expect(chooseForMerge([...run, ...small])).toEqual(small);
  const large = part('large', 2_000);
  expect(chooseForMerge([large, ...run, ...small])).toEqual(small);
  expect(chooseForMerge([...run, ...small.map((one) => ({ ...one, bytes: 200 }))])).toHaveLength(28);
});
