import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../../framework/cli/client.ts';
import { compileContent } from '../../../framework/compile/index.ts';
import { openLake } from '../../../framework/runtime/lake/index.ts';
import { type Runtime, startRuntime } from '../../../framework/runtime/start-runtime.ts';
import { copyContent } from '../../copy-content.ts';

const nowMs = Date.parse('2026-06-10T12:00:00Z');
const clock = { now: () => nowMs };
let folder: string;
let runtime: Runtime;
let client: RuntimeClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-rebuild-'));
  await start();
}, 30_000);

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  runtime = await startRuntime({ directory: join(folder, 'data'), port: 0, env: {}, clock, write: () => {} });
  client = connect({ url: runtime.url });
}

async function publish(fields: string, eventTime = 'time'): Promise<void> {
  const logType = `
logType: Acme.Door
description: Doors that opened.
reference: https://example.com/doors
eventTime: ${eventTime}
eventId: id
fields:
  id: { type: string, description: What makes it unique. }
  time: { type: timestamp, description: When it happened. }
  filed: { type: timestamp, description: When it was filed. }
${fields}
`;
  const root = copyContent(folder, { 'log-types/acme-door.yml': logType });
  const { envelope, problems } = await compileContent({ root, types: false });
  if (!envelope) throw new Error(JSON.stringify(problems));
  await client.publish(envelope, (await client.live()).serial, { allowMissingSecrets: true, allowRemovals: 100 });
}

const door = '  door: { type: string, description: Which one. }';
const size = '  size: { type: bigint, description: How large. }';

async function send(key: string, records: readonly object[]): Promise<void> {
  const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
  await client.ingest({ logType: 'Acme.Door', key, source: 'gate', body });
}

const event = (id: string, day: string, rest: object = {}) => ({
  ...{ id, time: `2026-06-${day}T01:00:00Z`, filed: `2026-06-${day}T02:00:00Z`, door: `door ${id}` },
  ...rest,
});

const rows = async (columns: string) =>
  (await client.query(`SELECT ${columns} FROM acme_door ORDER BY id NULLS LAST`, 1_000)).rows;
const rebuild = (from: string, to?: string) => client.rebuild({ logType: 'Acme.Door', from, to }, () => {});

it('gives old events the columns that the log type has now: same ids, none lost, none twice', async () => {
  await publish(size);
  await send('a', [event('1', '01'), event('2', '02'), event('3', '02')]);
  await send('again', [event('2', '02')]);
  const before = await rows('id, p_row_id, p_event_time, p_source');
  await publish(`${size}\n${door}`);
  await send('b', [event('4', '02')]);
  expect(await rows('id, door')).toEqual([
    { id: '1', door: null },
    { id: '2', door: null },
    { id: '3', door: null },
    { id: '4', door: 'door 4' },
  ]);
  const archived = { from: '2026-06-10', to: '2026-06-10' };
  const report = {
    archived,
    days: ['2026-06-01', '2026-06-02'],
    batchCount: 3,
    rowCount: 4,
    replacedCount: 4,
    goneCount: 0,
  };
  expect(await rebuild('2026-06-01')).toMatchObject({ ...report, refusedCount: 0 });
  expect(await rows('door')).toEqual(['1', '2', '3', '4'].map((id) => ({ door: `door ${id}` })));
  expect((await rows('id, p_row_id, p_event_time, p_source')).slice(0, 3)).toEqual(before);
  // A sender that lost its place finds them known, and a second rebuild changes nothing.
  await send('c', [event('1', '01'), event('4', '02'), event('5', '02')]);
  expect(await rebuild('2026-06-01')).toMatchObject({ rowCount: 5, replacedCount: 5, goneCount: 0 });
  expect(await rows('id, door')).toHaveLength(5);
  const audit = await client.query("SELECT action FROM audit WHERE action = 'rebuild'", 10);
  expect(audit.rows).toHaveLength(2);
}, 120_000);

it('counts what the log type refuses now, as dead letters, and leaves other days alone', async () => {
  await publish('');
  await send('a', [
    event('1', '01', { size: 'huge' }),
    event('2', '02', { size: 'huge' }),
    event('3', '02', { size: 7 }),
  ]);
  await send('a2', [event('4', '03', { size: 8 })]);
  await publish(size);
  const report = await rebuild('2026-06-02', '2026-06-02');
  expect(report).toMatchObject({ days: ['2026-06-02'], rowCount: 1, replacedCount: 2, goneCount: 1, refusedCount: 2 });
  expect(await rows('id, size')).toEqual([
    { id: '1', size: null },
    { id: '3', size: 7 },
    { id: '4', size: null },
  ]);
  const { rows: letters } = await client.query('SELECT code, batch_key FROM dead_letters', 10);
  expect(letters).toEqual([1, 2].map(() => ({ code: 'NORMALISE_FIELD_TYPE', batch_key: 'a' })));
}, 120_000);

it('an event that moves to another day is there once, whether it leaves the days that are rebuilt or comes to them', async () => {
  await publish('');
  await send('a', [
    event('leaves', '02', { filed: '2026-06-05T00:00:00Z' }),
    event('comes', '05', { filed: '2026-06-02T00:00:00Z' }),
    event('stays', '02'),
    event('other', '05'),
  ]);
  expect(await rows('id')).toHaveLength(4);
  await publish(door, 'filed');
  await rebuild('2026-06-01', '2026-06-03');
  expect(await rows('id, p_event_time, door')).toEqual([
    { id: 'comes', p_event_time: '2026-06-02T00:00:00.000Z', door: 'door comes' },
    { id: 'leaves', p_event_time: '2026-06-05T00:00:00.000Z', door: 'door leaves' },
    { id: 'other', p_event_time: '2026-06-05T01:00:00.000Z', door: null },
    { id: 'stays', p_event_time: '2026-06-02T02:00:00.000Z', door: 'door stays' },
  ]);
}, 120_000);

it('says how far the archive reaches, also where no event comes of it', async () => {
  await publish('');
  expect(await rebuild('2026-06-01')).toMatchObject({ archived: null, batchCount: 0, rowCount: 0, days: [] });
  await send('a', [event('1', '09')]);
  await runtime.settled();
  const archived = { from: '2026-06-10', to: '2026-06-10' };
  expect(await rebuild('2026-06-11')).toMatchObject({ archived, rowCount: 0, days: [] });
  expect(await rebuild('2026-05-01', '2026-05-02')).toMatchObject({ archived, batchCount: 1, rowCount: 0, days: [] });
  expect(await rows('id')).toEqual([{ id: '1' }]);
}, 120_000);

it('refuses what the archive does not cover, and says from when it does', async () => {
  await publish(door);
  await send('a', [event('1', '01')]);
  await runtime.settled();
  await runtime.close();
  const lake = await openLake({ directory: join(folder, 'data', 'lake'), clock });
  const completeSinceMs = Date.parse('2026-06-04T06:00:00Z');
  await lake.state.commit({ put: [{ space: 'archive', key: 'Acme.Door', value: { completeSinceMs } }] });
  await lake.close();
  await start();
  await expect(rebuild('2026-06-05')).rejects.toMatchObject({
    code: 'RUNTIME_REBUILD_UNCOVERED',
    message: 'The archive of Acme.Door covers the days from 2026-06-06 on, not 2026-06-05.',
  });
  expect(await rebuild('2026-06-06')).toMatchObject({ rowCount: 0, replacedCount: 0 });
  expect(await rows('id')).toEqual([{ id: '1' }]);
  await expect(client.rebuild({ logType: 'Acme.Gate', from: '2026-06-06' }, () => {})).rejects.toMatchObject({
    code: 'API_LOG_TYPE_UNKNOWN',
  });
  await expect(rebuild('2026-06-07', '2026-06-06')).rejects.toMatchObject({ code: 'API_REQUEST_INVALID' });
}, 120_000);
