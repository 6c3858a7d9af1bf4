import { describe, expect, it } from 'vitest';
import type { Row } from '../../../framework/model/table.ts';
import { door, doorTable, makeDirectory, open, tables } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const limits = { timeoutMs: 15_000, maxRows: 10_000 };

const every: Row = {
  p_row_id: 'a',
  p_event_time: '2026-01-02T03:04:05.678Z',
  door: 'it\'s "the" \ud800 door',
  seconds: 9_007_199_254_740_991,
  weight: 0.5,
  alarmed: true,
  badges: ['b', null],
  udm: { actor_user: 'bart@example.com' },
  detail: { open: [1, null] },
};

async function read(rows: readonly Row[], sql: string): Promise<readonly Row[]> {
  const { lake } = await open(await makeDirectory());
  return (await lake.query(sql, [{ ...doorTable, rows }], limits)).rows;
}

describe('a table that brings its rows along', () => {
  it('has them with the types of its columns, what is missing as NULL', async () => {
    const sparse = { p_row_id: 'b', detail: 'text', seconds: null };
    const [first, second] = await read([every, sparse], 'SELECT * FROM acme_door ORDER BY p_row_id');
    expect(first).toEqual({
      ...every,
      door: 'it\'s "the" \ufffd door',
      udm: { actor_user: 'bart@example.com', source_ip: null },
    });
    const nulls = Object.fromEntries(doorTable.columns.map(({ name }) => [name, null]));
    expect(second).toEqual({ ...nulls, p_row_id: 'b', detail: 'text' });
    const [one] = await read([every], "SELECT typeof(p_event_time) AS t, detail->'open'->>0 AS n FROM acme_door");
    expect(one).toEqual({ t: 'TIMESTAMP', n: '1' });
  });

  it('is empty without any', async () => {
    expect(await read([], 'SELECT door FROM acme_door')).toEqual([]);
  });

  it('is one of many tables, and the lake itself stays as it is', async () => {
    const opened = await open(await makeDirectory());
    await writeEvents(opened, { tables: [{ table: doorTable, rows: [door('filed')] }], commit: {} });
    const rows = Array.from({ length: 3_000 }, (_, n) => door(String(n)));
    const brought = { ...doorTable, name: 'acme_brought', rows };
    const sql = 'SELECT count(*) AS n FROM acme_brought UNION ALL SELECT count(*) FROM acme_door';
    expect((await opened.lake.query(sql, [...tables, brought], limits)).rows).toEqual([{ n: 3_000 }, { n: 1 }]);
    await expect(opened.lake.query('FROM acme_brought', tables, limits)).rejects.toMatchObject({
      code: 'LAKE_QUERY_FAILED',
    });
  });

  it('refuses a value that does not fit its column', async () => {
    await expect(read([{ ...every, seconds: 'many' }], 'SELECT 1 AS x FROM acme_door')).rejects.toMatchObject({
      message: expect.stringContaining("'seconds' of a row for table 'acme_door' is no BIGINT."),
    });
  });
});
