import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type OpenLake, openLake } from '../../../framework/runtime/lake/index.ts';
import { column, door, doorTable, tables } from './lake-directory.ts';
import { queryProcesses } from './query-processes.ts';
import { writeEvents } from './write-events.ts';

let directory: string;
let lake: OpenLake;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'margay-scan-'));
  lake = await openLake({ directory, clock: { now: () => 0 } });
  const rows = Array.from({ length: 3 }, (_, n) => door(String(n), '2026-01-02', { detail: { n } }));
  await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
});

afterAll(async () => {
  await lake.close();
  await rm(directory, { recursive: true, force: true });
});

const limits = { timeoutMs: 60_000 };
/** Some 40 MB, far more than may be under way. */
const large = `SELECT range AS n, repeat('x', 400) AS filler FROM range(100_000)`;
const endless = `SELECT range AS n, repeat('x', 400) AS filler FROM range(10_000_000_000)`;
const endlessWait = 'SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b';

describe('a scan of the lake', () => {
  it('gives the rows of its tables, as a query does', async () => {
    const sql = `SELECT p_row_id, p_event_time, detail FROM acme_door WHERE p_row_id <> '1' ORDER BY p_row_id`;
    const found = await collect(lake.lake.scan(sql, tables, limits));
    const { rows } = await lake.lake.query(sql, tables, { ...limits, maxRows: 10 });
    expect(found).toEqual([rows]);
    expect(rows).toHaveLength(2);
    expect(await collect(lake.lake.scan('SELECT 1 WHERE false', [], limits))).toEqual([]);
  });

  it('gives every row of a large result once, in order and in pieces', async () => {
    let next = 0;
    let pieces = 0;
    for await (const rows of lake.lake.scan(large, [], limits)) {
      pieces += 1;
      const from = next;
      expect(rows.findIndex(({ n }, index) => n !== from + index)).toBe(-1);
      next += rows.length;
    }
    expect(next).toBe(100_000);
    expect(pieces).toBeGreaterThan(50);
  });

  it.skipIf(process.platform !== 'linux')('reads no further than two pieces ahead of its reader', async () => {
    const sentBefore = await bytesWritten();
    const scan = lake.lake.scan(large, [], limits)[Symbol.asyncIterator]();
    onTestFinished(async () => void (await scan.return?.()));
    expect((await scan.next()).done).toBe(false);
    // What two queries of another lane take is time enough to run far ahead.
    expect(await column(lake, 'SELECT count(*) FROM range(50_000_000)')).toEqual([50_000_000]);
    const sent = await bytesWritten();
    expect(await column(lake, 'SELECT count(*) FROM range(50_000_000)')).toEqual([50_000_000]);
    expect((await bytesWritten()) - sent).toBeLessThan(100_000);
    expect(sent - sentBefore).toBeLessThan(20_000_000);
  });

  it('holds its snapshot while rows are added and parts are merged', async () => {
    const ids: unknown[] = [];
    const sql = `SELECT d.p_row_id AS id, repeat('x', 100_000) AS filler FROM acme_door d, range(30)`;
    const before = await column(lake, 'SELECT count(*) FROM acme_door');
    for await (const rows of lake.lake.scan(sql, tables, limits)) {
      if (ids.length === 0) {
        for (let n = 0; n < 12; n += 1) {
          const added = [door(`added ${n}`)];
          await writeEvents(lake, { tables: [{ table: doorTable, rows: added }], commit: {} });
        }
        await lake.sweep();
      }
      ids.push(...rows.map(({ id }) => id));
    }
    expect(ids).toHaveLength(30 * Number(before[0]));
    expect(ids.filter((id) => String(id).startsWith('added'))).toEqual([]);
  });

  it('stops when its reader leaves, and lets the next one in', async () => {
    for await (const rows of lake.lake.scan(endless, [], limits)) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }
    expect(await collect(lake.lake.scan('SELECT 1 AS n', [], limits))).toEqual([[{ n: 1 }]]);
  });

  it('fails when its caller gives it up or its time is over, whether it waits for its reader or its rows', async () => {
    const abort = new AbortController();
    const begun = lake.lake.scan(endless, [], limits, abort.signal)[Symbol.asyncIterator]();
    await begun.next();
    abort.abort();
    await expect(begun.next()).rejects.toMatchObject({ code: 'LAKE_QUERY_ABORTED' });
    const late = collect(lake.lake.scan(endlessWait, [], { timeoutMs: 300 }));
    await expect(late).rejects.toMatchObject({ code: 'LAKE_QUERY_TIMEOUT' });
    const early = collect(lake.lake.scan(large, [], limits, AbortSignal.abort()));
    await expect(early).rejects.toMatchObject({ code: 'LAKE_QUERY_ABORTED' });
    expect(await collect(lake.lake.scan('SELECT 1 AS n', [], limits))).toEqual([[{ n: 1 }]]);
  });

  it.each([
    ['wrong SQL', 'SELECT nosuch', /nosuch/],
    [
      'a failure amid the rows',
      "SELECT CASE WHEN range = 90_000 THEN error('no more') ELSE repeat('x', 400) END FROM range(100_000)",
      /no more/,
    ],
  ])('fails on %s, as a query does, and says why', async (_, sql, message) => {
    const failure = { code: 'LAKE_QUERY_FAILED', message: expect.stringMatching(message) };
    await expect(collect(lake.lake.scan(sql, [], limits))).rejects.toMatchObject(failure);
    await expect(lake.lake.query(sql, [], { ...limits, maxRows: 100_000 })).rejects.toMatchObject(failure);
  });

  it.skipIf(process.platform !== 'linux')('fails when its process is killed amid the rows', async () => {
    let count = 0;
    const read = async (): Promise<void> => {
      for await (const rows of lake.lake.scan(large, [], limits)) {
        if (count === 0) process.kill((await batchProcess()) as number, 'SIGKILL');
        count += rows.length;
      }
    };
    await expect(read()).rejects.toMatchObject({ code: 'LAKE_QUERY_FAILED' });
    expect(count).toBeLessThan(100_000);
    expect(await collect(lake.lake.scan('SELECT 1 AS n', [], limits))).toEqual([[{ n: 1 }]]);
  });

  it('runs one at a time, beside queries of the other lanes', async () => {
    const first = lake.lake.scan(large, [], limits)[Symbol.asyncIterator]();
    await first.next();
    let isSecondBegun = false;
    const second = collect(lake.lake.scan('SELECT 1 AS n', [], limits)).then((pieces) => {
      isSecondBegun = true;
      return pieces;
    });
    for (const lane of ['interactive', 'scheduled'] as const) {
      const { rows } = await lake.lake.query('SELECT 1 AS n', [], { ...limits, maxRows: 1, lane });
      expect(rows).toEqual([{ n: 1 }]);
    }
    expect(isSecondBegun).toBe(false);
    await first.return?.();
    expect(await second).toEqual([[{ n: 1 }]]);
  });
});

async function collect<T>(pieces: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** The process of the batch lane: the one with the lowest priority. */
async function batchProcess(): Promise<number | undefined> {
  return (await queryProcesses()).find(({ niceness }) => niceness === 15)?.pid;
}

/** How much the process of the batch lane has written, its replies included. */
async function bytesWritten(): Promise<number> {
  const io = await readFile(`/proc/${await batchProcess()}/io`, 'utf8');
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1]);
}
