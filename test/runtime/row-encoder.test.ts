import { expect, it, onTestFinished } from 'vitest';
import type { Bundle } from '../../framework/model/bundle.ts';
import { catalogBundle } from '../../framework/runtime/bundle-catalog.ts';
import { normaliseBatch } from '../../framework/runtime/normalise/index.ts';
import { createRowEncoder } from '../../framework/runtime/row-encoder.ts';
import { batchOf, toy } from './normalise/toy-log-type.ts';

const bundle = { logTypes: [toy], detections: [], queries: [], lookups: [] } as unknown as Bundle;
const catalog = catalogBundle('sha256:1', bundle);

const batch = (key: string, count: number) => {
  const lines = Array.from({ length: count }, (_, n) => `{"id":"${key}-${n}","time":"2026-01-31T01:02:03.000Z"}`);
  return batchOf(lines.join('\n'), key);
};

it('rows are encoded in another thread, numbered from where they are told to, and the bodies stay', async () => {
  const encoder = createRowEncoder();
  onTestFinished(() => encoder.close());
  const batches = [batch('a', 3), batch('b', 2)];
  const { tables, deadLetters } = await encoder.encode(batches, catalog, 100);
  const [first] = tables;
  expect(deadLetters).toEqual([]);
  expect(first?.table.name).toBe(toy.table);
  const lines = first?.rows.map(({ bytes }) => Buffer.from(bytes).toString()).join('') ?? '';
  const rows = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map(({ margay_seq }) => margay_seq)).toEqual([100, 101, 102, 103, 104]);
  const wanted = batches.flatMap((of) => normaliseBatch(of, toy).events);
  expect(rows.map(({ p_row_id }) => p_row_id)).toEqual(wanted.map(({ p_row_id }) => p_row_id));
});

it('dead letters are given where they are asked for', async () => {
  const encoder = createRowEncoder();
  onTestFinished(() => encoder.close());
  const bad = batchOf('no JSON', 'a');
  expect((await encoder.encode([bad], catalog, 1)).deadLetters).toEqual([]);
  const { deadLetters } = await encoder.encode([bad], catalog, 1, { withDeadLetters: true });
  expect(deadLetters.map(({ batchKey, code }) => ({ batchKey, code }))).toEqual([
    { batchKey: 'a', code: 'NORMALISE_JSON_INVALID' },
  ]);
});

it('a thread that dies fails what was under way, and the next call has another', async () => {
  const encoder = createRowEncoder();
  onTestFinished(() => encoder.close());
  await encoder.encode([batch('a', 1)], catalog, 1);
  const lost = encoder.encode([batch('b', 50_000)], catalog, 2);
  await Promise.all([expect(lost).rejects.toThrow('could not be encoded'), encoder.close()]);
  expect((await encoder.encode([batch('c', 1)], catalog, 3)).tables).toHaveLength(1);
});
