import { expect, it } from 'vitest';
import type { Row } from '../../../framework/model/table.ts';
import { type OpenLake, RowPacker } from '../../../framework/runtime/lake/index.ts';
import { column, door, doorTable, makeDirectory, open, partFiles, query } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const ids = 'SELECT p_row_id FROM acme_door ORDER BY p_row_id NULLS LAST';

function pack(lake: OpenLake, rows: readonly Row[]) {
  let sequence = lake.reserveSequences(rows.length);
  const packer = new RowPacker(doorTable, () => sequence++);
  for (const row of rows) packer.add(row);
  return packer.finish();
}

async function openDoors(directory: string, rows: readonly Row[]): Promise<OpenLake> {
  const lake = await open(directory);
  lake.registerTables([doorTable]);
  await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
  return lake;
}

it('changes nothing before its end, and leaves nothing behind when it is given up', async () => {
  const directory = await makeDirectory();
  const lake = await openDoors(directory, [door('1'), door('2')]);
  const rebuild = lake.rebuild(doorTable, { from: '2026-01-01' });
  await rebuild.add(pack(lake, [door('1', '2026-01-02', { seconds: 1 })]));
  await lake.sweep();
  expect(await partFiles(directory)).toHaveLength(2);
  expect(await column(lake, ids)).toEqual(['1', '2']);
  expect(await rebuild.lost()).toEqual(new Set(['2']));
  await rebuild.close();
  expect(await partFiles(directory)).toHaveLength(1);
  expect(await column(lake, ids)).toEqual(['1', '2']);
});

it('a crash before its end leaves what was there, and no file of it', async () => {
  const directory = await makeDirectory();
  const lake = await openDoors(directory, [door('1')]);
  await lake.rebuild(doorTable, { from: '2026-01-01' }).add(pack(lake, [door('1'), door('2')]));
  await lake.close();
  const reopened = await open(directory);
  expect(await column(reopened, ids)).toEqual(['1']);
  expect(await partFiles(directory)).toHaveLength(1);
});

it('keeps what was filed since it began, and knows afterwards which keys there are', async () => {
  const directory = await makeDirectory();
  const lake = await openDoors(directory, [door('1'), door('gone')]);
  const rebuild = lake.rebuild(doorTable, { from: '2026-01-01' });
  await writeEvents(lake, { tables: [{ table: doorTable, rows: [door('later')] }], commit: {} });
  await rebuild.add(pack(lake, [door('1', '2026-01-02', { seconds: 1 }), door('1'), door('new')]));
  expect(await rebuild.swap()).toEqual({ rowCount: 2, replacedCount: 2, goneCount: 1, days: ['2026-01-02'] });
  await rebuild.close();
  const again = ['1', 'new', 'later', 'gone'].map((id) => door(id));
  expect(await writeEvents(lake, { tables: [{ table: doorTable, rows: again }], commit: {} })).toEqual({
    storedCount: 1,
  });
  expect((await query(lake, 'SELECT p_row_id, seconds FROM acme_door ORDER BY p_row_id NULLS LAST')).rows).toEqual([
    { p_row_id: '1', seconds: 1 },
    { p_row_id: 'gone', seconds: null },
    { p_row_id: 'later', seconds: null },
    { p_row_id: 'new', seconds: null },
  ]);
});

it('lets a query that reads the old rows finish', async () => {
  const directory = await makeDirectory();
  const lake = await openDoors(directory, [door('1'), door('2')]);
  const rows: Row[] = [];
  for await (const piece of lake.lake.scan(ids, [doorTable], { timeoutMs: 15_000 })) {
    const rebuild = lake.rebuild(doorTable, { from: '2026-01-01' });
    await rebuild.add(pack(lake, [door('3')]));
    await rebuild.swap();
    await rebuild.close();
    rows.push(...piece);
  }
  expect(rows).toHaveLength(2);
  expect(await column(lake, ids)).toEqual(['3']);
});
