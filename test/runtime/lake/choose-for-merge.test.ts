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

it('large runs are left alone and do not count, and a merge reads no more than 256 MiB', () => {
  const mib = 1024 * 1024;
  const large = Array.from({ length: 20 }, (_, n) => part(`large ${n}`, 129 * mib));
  expect(chooseForMerge([...large, ...small])).toEqual([]);
  expect(chooseForMerge([...large, ...small, part('one more', 10)])).toEqual([...small, part('one more', 10)]);
  const half = Array.from({ length: 9 }, (_, n) => part(`half ${n}`, 100 * mib));
  expect(chooseForMerge(half)).toEqual(half.slice(0, 2));
  const ranges = Array.from({ length: 13 }, (_, n) => part(`range ${n}`, 10 * mib, 'one'));
  expect(chooseForMerge([...ranges, ...small])).toEqual([]);
});
