import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenLake, openLake } from '../../../framework/runtime/lake/index.ts';
import { column, door, doorTable, partFiles, query, tables } from './lake-directory.ts';
import { queryProcesses } from './query-processes.ts';
import { writeEvents } from './write-events.ts';

let directory: string;
let lake: OpenLake;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'margay-query-'));
  lake = await openLake({ directory, clock: { now: () => 0 } });
  const rows = Array.from({ length: 3 }, (_, n) =>
    door(String(n), '2026-01-02', { seconds: n, detail: { n: String(n) } }),
  );
  await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
});

afterAll(async () => {
  await lake.close();
  await rm(directory, { recursive: true, force: true });
});

const endless = 'SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b';

async function killInteractive(): Promise<readonly number[]> {
  const pids = (await queryProcesses()).filter(({ niceness }) => niceness === 10).map(({ pid }) => pid);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids;
}

describe('a query of a lake', () => {
  it.each([
    [`TIMESTAMP '2026-01-02 03:04:05.6789'`, '2026-01-02T03:04:05.678Z', 'TIMESTAMP'],
    [`TIMESTAMPTZ '2026-01-02 03:04:05+02'`, '2026-01-02T01:04:05.000Z', 'TIMESTAMP WITH TIME ZONE'],
    [`DATE '2026-01-02'`, '2026-01-02', 'DATE'],
    ['9007199254740991::BIGINT', 9_007_199_254_740_991, 'BIGINT'],
    ['sum(seconds)', 3, 'HUGEINT'],
    ['0.25::DECIMAL(5, 2)', 0.25, 'DECIMAL(5,2)'],
    ['0.5::DOUBLE', 0.5, 'DOUBLE'],
    ['true', true, 'BOOLEAN'],
    ['NULL::VARCHAR', null, 'VARCHAR'],
    [`'{"a": 1}'`, '{"a": 1}', 'VARCHAR'],
    [`'{"a": [1, null]}'::JSON`, { a: [1, null] }, 'JSON'],
    [`max(detail->>'n')`, '2', 'VARCHAR'],
    [`list(door ORDER BY door)`, ['door 0', 'door 1', 'door 2'], 'VARCHAR[]'],
    [
      `[{'t': TIMESTAMP '2026-01-02', 'j': '[1]'::JSON}]`,
      [{ t: '2026-01-02T00:00:00.000Z', j: [1] }],
      'STRUCT("t" TIMESTAMP, "j" VARCHAR)[]',
    ],
  ])('gives %s as JSON has it', async (expression, value, type) => {
    const { rows, columns } = await query(lake, `SELECT ${expression} AS x FROM acme_door`, 1);
    expect(rows).toEqual([{ x: value }]);
    expect(columns[0]?.name).toBe('x');
    expect(columns[0]?.type).toBe(type);
  });

  it('refuses whole numbers that would lose digits', async () => {
    const sql = 'SELECT 9007199254740993 AS big FROM acme_door';
    await expect(query(lake, sql)).rejects.toMatchObject({
      code: 'LAKE_NUMBER_TOO_LARGE',
      message: expect.stringContaining(`'big'`),
    });
  });

  it('gives at most maxRows rows and says whether there were more', async () => {
    const sql = 'SELECT range AS n FROM range(5000)';
    expect(await query(lake, sql, 4_999)).toMatchObject({ truncated: true, rows: { length: 4_999 } });
    expect(await query(lake, sql, 5_000)).toMatchObject({ truncated: false, rows: { length: 5_000 } });
    expect(await query(lake, sql, 2)).toMatchObject({ truncated: true, rows: [{ n: 0 }, { n: 1 }] });
  });

  it('finds tables that have no rows yet', async () => {
    expect(await column(lake, 'SELECT count(*) FROM acme_door JOIN rule_matches USING (p_row_id)')).toEqual([0]);
  });

  it('stops when its time is over, and the next one works', async () => {
    const limits = { timeoutMs: 300, maxRows: 10 };
    await expect(lake.lake.query(endless, tables, limits)).rejects.toMatchObject({ code: 'LAKE_QUERY_TIMEOUT' });
    expect(await column(lake, 'SELECT count(*) FROM acme_door')).toEqual([3]);
  });

  it('stops when its caller gives it up, before and during the run', async () => {
    const limits = { timeoutMs: 15_000, maxRows: 10 };
    const early = lake.lake.query(endless, tables, limits, AbortSignal.abort());
    await expect(early).rejects.toMatchObject({ code: 'LAKE_QUERY_ABORTED' });
    await expect(lake.lake.query(endless, tables, limits, AbortSignal.timeout(200))).rejects.toMatchObject({
      code: 'LAKE_QUERY_ABORTED',
    });
  });

  it.each([
    ['a missing column', 'SELECT nosuch FROM acme_door'],
    ['two statements', 'SELECT 1; SELECT 2'],
    ['a statement that is no SELECT', `COPY (SELECT 1) TO 'x.parquet'`],
    ['a setting', 'SET threads = 1'],
    ['a file of the machine', `SELECT * FROM read_text('/etc/hostname')`],
    ['the state file', `ATTACH 'state.duckdb'`],
    ['more memory than there is', "SELECT string_agg(repeat('x', 20_000_000) || range) FROM range(200)"],
  ])('fails on %s, and the next one works', async (_, sql) => {
    await expect(query(lake, sql)).rejects.toMatchObject({ code: 'LAKE_QUERY_FAILED' });
    expect(await column(lake, 'SELECT count(*) FROM acme_door')).toEqual([3]);
  });

  it.each([
    [
      "SELECT string_agg(repeat('x', 20_000_000) || range) FROM range(200)",
      /^The query needs more memory than a query may use\.$/,
      'Read less',
    ],
    ["SELECT CAST('x' || range AS INTEGER) FROM range(3)", /^Conversion Error: [^\n]+$/, 'TRY_CAST'],
  ])('says what to do in words of its own: %s', async (sql, message, hint) => {
    await expect(query(lake, sql)).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('opens no file but those of its own tables', async () => {
    const audit = { audit_id: 'a', happened_at: '2026-01-01T00:00:00Z', actor: 'a', action: 'a' };
    await lake.state.commit({ rows: [{ table: 'audit', rows: [audit] }] });
    await lake.flush();
    const files = (await partFiles(directory)).map((name) => join(directory, 'parts', name));
    const count = async (file: string | undefined): Promise<unknown> =>
      (
        await lake.lake.query(`SELECT count(*) AS n FROM acme_door, '${file}'`, [doorTable], {
          timeoutMs: 9_000,
          maxRows: 1,
        })
      ).rows;
    expect(await count(files[0])).toEqual([{ n: 9 }]);
    await expect(count(files[1])).rejects.toMatchObject({ code: 'LAKE_QUERY_FAILED' });
  });

  it('spoils nothing for the next one', async () => {
    const poison = `SELECT * FROM enable_logging(level = 'debug', storage = 'file', storage_config = {'path': '/tmp'})`;
    await query(lake, poison).catch(() => undefined);
    expect(await column(lake, 'SELECT count(*) FROM acme_door')).toEqual([3]);
  });

  it.skipIf(process.platform !== 'linux')('fails when its process is killed, and the next one works', async () => {
    const failed = expect(query(lake, endless)).rejects.toMatchObject({ code: 'LAKE_QUERY_FAILED' });
    const killed = await killInteractive();
    await failed;
    expect(await column(lake, 'SELECT count(*) FROM acme_door')).toEqual([3]);
    const next = (await queryProcesses()).map(({ pid }) => pid);
    expect(next).toHaveLength(1);
    expect(killed).not.toContain(next[0]);
  });

  it.skipIf(process.platform !== 'linux')('gets none of the secrets that the runtime has', async () => {
    const [{ pid } = { pid: 0 }] = await queryProcesses();
    const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((entry) => entry !== '');
    expect(environment.filter((entry) => !entry.startsWith('NODE_CHANNEL_'))).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'in the scheduled lane outlives the process of interactive ones, and goes before them',
    async () => {
      const limits = { timeoutMs: 15_000, maxRows: 10, lane: 'scheduled' } as const;
      const failed = expect(query(lake, endless)).rejects.toMatchObject({ code: 'LAKE_QUERY_FAILED' });
      const sql = 'SELECT count(*) AS n FROM acme_door';
      await lake.lake.query(sql, tables, limits);
      expect((await queryProcesses()).map(({ niceness }) => niceness).sort()).toEqual([10, 2]);
      const scheduled = lake.lake.query(sql, tables, limits);
      await killInteractive();
      expect((await scheduled).rows).toEqual([{ n: 3 }]);
      await failed;
    },
  );

  it('in the scheduled lane runs while interactive ones take all the room there is, and more are refused', async () => {
    const limits = { timeoutMs: 15_000, maxRows: 10 };
    const aborts = Array.from({ length: 18 }, () => new AbortController());
    const greedy = aborts.map(({ signal }) => lake.lake.query(endless, tables, limits, signal));
    const ended = Promise.allSettled(greedy);
    await expect(lake.lake.query('SELECT 1 AS n', [], limits)).rejects.toMatchObject({ code: 'LAKE_BUSY' });
    const { rows } = await lake.lake.query('SELECT 1 AS n', [], { ...limits, lane: 'scheduled' });
    expect(rows).toEqual([{ n: 1 }]);
    for (const abort of aborts) abort.abort();
    for (const { status, reason } of (await ended) as PromiseRejectedResult[])
      expect([status, reason.code]).toEqual(['rejected', 'LAKE_QUERY_ABORTED']);
  });

  it('runs beside others', async () => {
    const counts = Array.from({ length: 6 }, (_, n) => column(lake, `SELECT count(*) + ${n} FROM acme_door`));
    expect(await Promise.all(counts)).toEqual([[3], [4], [5], [6], [7], [8]]);
  });
});
