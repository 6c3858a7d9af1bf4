import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { door, doorTable, makeDirectory, open, partFiles, query } from './lake-directory.ts';
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
