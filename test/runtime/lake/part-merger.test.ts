import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { ruleMatchesTable, standardTables } from '../../../framework/model/standard-tables.ts';
import { RowPacker } from '../../../framework/runtime/lake/index.ts';
import { LakeStore } from '../../../framework/runtime/lake/lake-store.ts';
import { clearDrafts } from '../../../framework/runtime/lake/part-files.ts';
import { column, door, doorTable, makeDirectory, match, open, partFiles } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const day = '2026-01-02';
/** One part more than a day has without a merge. */
const enough = 9;
const ids = Array.from({ length: enough }, (_, n) => `door ${n}`);

async function openStore(directory: string): Promise<LakeStore> {
  await clearDrafts(directory);
  const store = await LakeStore.open({
    ...{ directory, stateFile: join(directory, 'state.duckdb'), clock: { now: () => 0 } },
    ...{ tables: [...standardTables, doorTable], maxKeyBytes: 1_000_000 },
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(() => store.close());
  return store;
}

function write(store: LakeStore, id: string): Promise<unknown> {
  const packer = new RowPacker(doorTable, () => store.reserveSequences(1));
  packer.add(door(id, day));
  return store.writeEvents({ tables: [{ table: doorTable, rows: packer.finish() }], commit: {} });
}

async function drafts(directory: string): Promise<readonly string[]> {
  return (await readdir(join(directory, 'drafts'))).filter((name) => name.endsWith('.parquet'));
}

/** What the manifest names, as {@link partFiles} names what is there. */
async function listed(store: LakeStore): Promise<readonly string[]> {
  return (await store.state.list('part')).map(({ key }) => key.replace('parts/', '')).sort();
}

it('a merge goes on while the lake writes, and is thrown away when one of its parts went meanwhile', async () => {
  const directory = await makeDirectory();
  const store = await openStore(directory);
  for (const id of ids.slice(1)) await write(store, id);
  const last = write(store, ids[0] as string);
  // Queued behind the write that makes the merge due, and so before the merge can put its part in place.
  const expiring = store.maintain(async ({ manifest, publish }) => {
    while ((await drafts(directory)).length === 0) await sleep(5);
    const [oldest] = manifest.of('acme_door', day);
    if (oldest) await publish([], [oldest], {});
  });
  await Promise.all([last, expiring]);
  await store.sweep();
  expect(await listed(store)).toHaveLength(enough - 1);
  expect(await partFiles(directory)).toEqual(await listed(store));
  expect(await drafts(directory)).toEqual([]);
  // The next part makes the day's parts too many again.
  await write(store, 'one more');
  await store.sweep();
  expect(await listed(store)).toHaveLength(1);
  expect(await partFiles(directory)).toEqual(await listed(store));
  await store.close();
  const lake = await open(directory);
  const left = [...ids.filter((id) => id !== 'door 1'), 'one more'];
  expect(await column(lake, 'SELECT p_row_id FROM acme_door ORDER BY p_row_id NULLS LAST')).toEqual(left);
});

it('days that a process left in many parts are merged after the next start', async () => {
  const directory = await makeDirectory();
  const before = await openStore(directory);
  const days = [day, '2026-01-03'];
  const writeBoth = (id: string) => {
    const packer = new RowPacker(doorTable, () => before.reserveSequences(1));
    for (const of of days) packer.add(door(`${id} of ${of}`, of));
    return before.writeEvents({ tables: [{ table: doorTable, rows: packer.finish() }], commit: {} });
  };
  for (const id of ids) await writeBoth(id);
  // Closing waits for the merge of one day, and leaves the other.
  await before.close();
  expect(await partFiles(directory)).toHaveLength(1 + enough);
  const after = await openStore(directory);
  await after.sweep();
  expect(await listed(after)).toHaveLength(days.length);
  expect(await partFiles(directory)).toEqual(await listed(after));
});

it('rows that come while their day is merged are there once, with the ones that were merged', async () => {
  const directory = await makeDirectory();
  const store = await openStore(directory);
  const names = Array.from({ length: 60 }, (_, n) => `d${100 + n}`);
  for (const id of names) await Promise.all([write(store, id), write(store, id)]);
  await store.sweep();
  expect((await listed(store)).length).toBeLessThan(enough);
  expect(await partFiles(directory)).toEqual(await listed(store));
  await store.close();
  const lake = await open(directory);
  expect(await column(lake, 'SELECT p_row_id FROM acme_door ORDER BY p_row_id NULLS LAST')).toEqual(names);
});

it('closing waits for a merge under way, and leaves no file that is no part', async () => {
  const directory = await makeDirectory();
  const lake = await open(directory);
  for (let batch = 0; batch < enough; batch++) {
    const rows = Array.from({ length: 500 }, (_, n) => match(`${batch} ${n}`, { p_rule_id: `rule-${n % 9}` }));
    await writeEvents(lake, { tables: [{ table: ruleMatchesTable, rows }], commit: {} });
  }
  await lake.close();
  const files = await partFiles(directory);
  expect(await drafts(directory)).toEqual([]);
  const again = await open(directory);
  expect((await again.state.list('part')).map(({ key }) => key.replace('parts/', '')).sort()).toEqual(files);
  expect(await column(again, 'SELECT count(DISTINCT p_match_id) FROM rule_matches')).toEqual([enough * 500]);
});
