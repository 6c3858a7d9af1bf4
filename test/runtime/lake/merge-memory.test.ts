import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import type { Table } from '../../../framework/model/table.ts';
import { RowPacker } from '../../../framework/runtime/lake/index.ts';
import { Manifest } from '../../../framework/runtime/lake/manifest.ts';
import type { Part } from '../../../framework/runtime/lake/part.ts';
import { clearDrafts } from '../../../framework/runtime/lake/part-files.ts';
import { PartMerger } from '../../../framework/runtime/lake/part-merger.ts';
import { PartWriter } from '../../../framework/runtime/lake/part-writer.ts';
import { door, doorTable, makeDirectory } from './lake-directory.ts';

const day = '2026-01-02';
const partCount = 9;
const sortedTable: Table = { ...doorTable, sortBy: ['door'] };

/** A writer of its own, and parts of incompressible rows. */
async function writeParts(directory: string, table: Table, rowsPerPart: number): Promise<[PartWriter, Part[]]> {
  await clearDrafts(directory);
  const writer = await PartWriter.open(directory, '256MB');
  onTestFinished(() => writer.close());
  const parts: Part[] = [];
  let sequence = 1;
  for (let number = 0; number < partCount; number++) {
    const packer = new RowPacker(table, () => sequence++);
    for (let row = 0; row < rowsPerPart; row++)
      packer.add(door(`${number}-${row}`, day, { detail: randomBytes(2_000).toString('base64') }));
    parts.push((await writer.write(table, packer.finish())) as Part);
  }
  return [writer, parts];
}

it.each<[string, Table]>([
  ['events', doorTable],
  ['rows that replace each other', { ...doorTable, replaces: true }],
])(
  'parts of %s that are larger than the memory for it are merged',
  async (_, table) => {
    const rowsPerPart = 11_000;
    const [writer, parts] = await writeParts(await makeDirectory(), table, rowsPerPart);
    const merged = await writer.file(await writer.merge(table, parts.toReversed()));
    const ids = await writer.read(`SELECT count(DISTINCT p_row_id)::INTEGER FROM ${writer.source(merged)}`);
    expect(ids).toEqual([[partCount * rowsPerPart]]);
    const [first] = await writer.read(`SELECT margay_seq::INTEGER FROM ${writer.source(merged)} LIMIT 1`);
    if (!table.replaces) expect(first, 'in order of arrival').toEqual([1]);
  },
  180_000,
);

it('a merge that memory is too little for reads fewer parts the next time', async () => {
  const directory = await makeDirectory();
  const rowsPerPart = 4_000;
  const [writer, parts] = await writeParts(directory, sortedTable, rowsPerPart);
  const manifest = new Manifest(parts, () => undefined);
  const errors: unknown[] = [];
  let mostPartsMerged = 0;
  const merger = new PartMerger({
    ...{ directory, manifest, memory: '64MB', tableOf: () => sortedTable, alone: (work) => work() },
    publish: async (added, removed) => {
      manifest.replace(added, removed);
      mostPartsMerged = Math.max(mostPartsMerged, removed.length);
    },
    onError: (error) => errors.push(error),
  });
  merger.askWhereDue(sortedTable.name);
  await merger.idle();
  await merger.close();
  expect(errors).toEqual([]);
  expect(mostPartsMerged).toBeGreaterThan(1);
  expect(mostPartsMerged).toBeLessThan(partCount);
  const source = writer.source(manifest.of(sortedTable.name));
  const ids = await writer.read(`SELECT count(*)::INTEGER, count(DISTINCT p_row_id)::INTEGER FROM ${source}`);
  expect(ids).toEqual([[partCount * rowsPerPart, partCount * rowsPerPart]]);
}, 180_000);
