import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Log } from '../../framework/model/log-record.ts';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import { startArchiving } from '../../framework/runtime/archiving.ts';
import { openLog } from '../../framework/runtime/log/index.ts';
import { toy } from './normalise/toy-log-type.ts';

const dayMs = 86_400_000;
let nowMs: number;
const clock = { now: () => nowMs };
let directory: string;
let log: Log;
let state: ReturnType<typeof createMemoryState>;
let sent: number;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'margay-archiving-'));
  nowMs = Date.parse('2026-01-01T12:00:00Z');
  sent = 0;
  log = await openLog({ directory: join(directory, 'log'), clock, maxSegmentBytes: 500 });
  state = createMemoryState();
});

afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true, force: true });
});

async function send(logType: string): Promise<void> {
  const body = Buffer.alloc(200, 0x20);
  await log.append({ kind: 'batch', key: `k${sent++}`, logType, source: '', receivedAtMs: nowMs, body });
}

const start = () =>
  startArchiving({
    directory: join(directory, 'archive'),
    log,
    state,
    clock,
    onNotice: (notice) => expect.fail(notice),
  });

it('goes on where it was, holds each batch once, and knows that it is complete from the first', async () => {
  await send('A');
  let archiving = await start();
  await archiving.consumer.reach(log.end());
  await archiving.consumer.close();
  await send('A');
  await send('B');
  archiving = await start();
  await archiving.consumer.reach(log.end());
  const keys: string[] = [];
  for await (const batches of archiving.archive.read('A', '', log.end())) keys.push(...batches.map(({ key }) => key));
  expect(keys).toEqual(['k0', 'k1']);
  expect(await archiving.completeSince('A')).toBe(0);
  await archiving.consumer.close();
});

it('removes days that are older than their log type is archived, 30 days unless said, and knows since when it is complete', async () => {
  const archiving = await start();
  for (let day = 0; day < 40; day++) {
    for (const logType of ['A', 'B', 'C']) await send(logType);
    nowMs += dayMs;
  }
  await archiving.consumer.reach(log.end());
  const logTypes = [
    { ...toy, name: 'A', archiveMs: 2 * dayMs },
    { ...toy, name: 'B' },
  ];
  await archiving.sweep({ logTypes });
  const left = await archiving.archive.days();
  // It is noon: the last 2 days reach into a third.
  expect(left.get('A')).toEqual(['2026-02-08', '2026-02-09']);
  expect(left.get('B')?.[0]).toBe('2026-01-11');
  expect(left.get('C')?.[0]).toBe('2026-01-11');
  expect(new Date(await archiving.completeSince('A')).toISOString()).toBe('2026-02-08T00:00:00.000Z');
  expect(await archiving.completeSince('D')).toBe(0);
  await archiving.consumer.close();
});

it('of a log whose beginning is gone it is complete from now on', async () => {
  for (let i = 0; i < 10; i++) await send('A');
  await log.release(log.end());
  nowMs += dayMs;
  const archiving = await start();
  await archiving.consumer.reach(log.end());
  expect(await archiving.completeSince('A')).toBe(nowMs);
  await archiving.consumer.close();
});
