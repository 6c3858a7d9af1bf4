import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ReadBounds } from '../../../framework/model/read-bounds.ts';
import { alertsTable } from '../../../framework/model/standard-tables.ts';
import { door, doorTable, makeDirectory, open, partFiles, query, tables } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

it('counts rows and bytes that were read, and none that the statistics of a part ruled out', async () => {
  const directory = await makeDirectory();
  const lake = await open(directory);
  for (const [day, count] of [
    ['2026-01-01', 7],
    ['2026-01-02', 300],
    ['2026-01-03', 20],
  ] as const) {
    const rows = Array.from({ length: count }, (_, n) => door(`${day} ${n}`, day, { seconds: n }));
    await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
  }
  const files = await partFiles(directory);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(directory, 'parts', file))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);

  const all = (await query(lake, 'SELECT * FROM acme_door')).cost;
  expect(all.rowsScanned).toBe(327);
  expect(all.bytesScanned).toBeGreaterThan(bytes / 2);
  expect(all.bytesScanned).toBeLessThan(bytes * 1.5);
  expect(all.durationMs).toBeGreaterThan(0);

  const one = (await query(lake, 'SELECT sum(seconds) FROM acme_door')).cost;
  expect(one.rowsScanned).toBe(327);
  expect(one.bytesScanned).toBeLessThan(all.bytesScanned);

  const late = `SELECT door FROM acme_door WHERE p_event_time >= TIMESTAMP '2026-01-02 12:00:00'`;
  expect((await query(lake, late)).cost.rowsScanned).toBe(20);
  const twice = 'SELECT count(*) FROM acme_door a JOIN acme_door b USING (seconds)';
  expect((await query(lake, twice)).cost.rowsScanned).toBe(327);
  expect((await query(lake, 'SELECT 1 AS n')).cost).toMatchObject({ rowsScanned: 0, bytesScanned: 0 });
  expect((await query(lake, 'SELECT n FROM range(50) t(n)')).cost).toMatchObject({ rowsScanned: 0, bytesScanned: 0 });
});

it('opens no parts of days that lie outside the bounds, and every part of rows that replace each other', async () => {
  const lake = await open(await makeDirectory());
  const rows = ['2026-01-01', '2026-01-02', '2026-01-03'].map((day) => door(day, day));
  await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
  const alert = { ...Object.fromEntries(alertTexts.map((name) => [name, name])), match_count: 1 };
  const times = (day: string) => ({ created_at: day, first_event_time: day, last_event_time: day });
  for (const day of ['2026-01-01', '2026-01-02'])
    await lake.state.commit({ rows: [{ table: 'alerts', rows: [{ ...alert, ...times(day), title: day }] }] });
  const read = async (sql: string, bounds: ReadBounds) => {
    const limits = { timeoutMs: 15_000, maxRows: 9, bounds: new Map(tables.map(({ name }) => [name, bounds])) };
    return (await lake.lake.query(sql, tables, limits)).rows;
  };
  const days = (bounds: ReadBounds) => read('SELECT p_row_id AS day FROM acme_door ORDER BY day', bounds);
  const secondMs = Date.UTC(2026, 0, 2);
  const dayMs = 86_400_000;
  expect(await days({ fromMs: secondMs, untilMs: secondMs + dayMs })).toEqual([{ day: '2026-01-02' }]);
  expect(await days({ fromMs: secondMs - 1, untilMs: secondMs + 1 })).toEqual([
    { day: '2026-01-01' },
    { day: '2026-01-02' },
  ]);
  expect(await days({ untilMs: secondMs - dayMs })).toEqual([]);
  expect(await days({})).toHaveLength(3);
  expect(await read('SELECT title FROM alerts', { untilMs: secondMs })).toEqual([{ title: '2026-01-02' }]);
});

const alertTexts = alertsTable.columns
  .filter(({ type, nullable }) => type === 'VARCHAR' && nullable === false)
  .map(({ name }) => name);
