import { describe, expect, it } from 'vitest';
import { column, door, doorTable, makeDirectory, match, open, partFiles } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const dayMs = 86_400_000;
const ids = 'SELECT p_row_id FROM acme_door ORDER BY p_row_id NULLS LAST';
const at = (time: string) => ({ clock: { now: () => Date.parse(time) } });

async function openDoors(time: string, directory: string, days: readonly string[]) {
  const lake = await open(directory, at(time));
  lake.registerTables([doorTable]);
  const rows = days.map((day) => door(day, day));
  await writeEvents(lake, { tables: [{ table: doorTable, rows }], commit: {} });
  return lake;
}

describe('retention', () => {
  it.each([
    ['2026-01-31T23:59:59Z', ['2026-01-01', '2026-01-02', '2026-01-31'], undefined],
    ['2026-02-01T00:00:00Z', ['2026-01-02', '2026-01-31'], { rowCount: 1, throughDay: '2026-01-01' }],
    ['2026-02-02T00:00:00Z', ['2026-01-31'], { rowCount: 2, throughDay: '2026-01-02' }],
  ])('of 30 days removes at %s the days that ended 30 days ago', async (time, left, gone) => {
    const directory = await makeDirectory();
    const lake = await openDoors(time, directory, ['2026-01-01', '2026-01-02', '2026-01-31']);
    const keptMs = new Map([['acme_door', 30 * dayMs]]);
    const expired = await lake.expire(keptMs);
    expect(expired.map(({ rowCount, throughDay }) => ({ rowCount, throughDay }))).toEqual(gone ? [gone] : []);
    expect(await column(lake, ids)).toEqual(left);
    expect(await lake.expire(keptMs)).toEqual([]);
  });

  it('leaves tables alone that nothing is said of, and sums up what went of the others', async () => {
    const directory = await makeDirectory();
    const lake = await openDoors('2026-02-10T00:00:00Z', directory, ['2026-01-01', '2026-01-02']);
    await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('m')] }] });
    await lake.expire(new Map([['acme_door', 39 * dayMs]]));
    await lake.expire(new Map([['acme_door', 1 * dayMs]]));
    expect(await lake.state.get('expired', 'acme_door')).toMatchObject({ rowCount: 2, throughDay: '2026-01-02' });
    expect(await column(lake, 'SELECT p_match_id FROM rule_matches')).toEqual(['m']);
  });

  it('takes the links of matches a day after the matches', async () => {
    const directory = await makeDirectory();
    const lake = await open(directory, at('2026-01-10T12:00:00Z'));
    await lake.state.commit({
      rows: [
        { table: 'rule_matches', rows: [match('m')] },
        { table: 'match_alerts', rows: [{ match_id: 'm', alert_id: 'a' }] },
      ],
    });
    await lake.flush();
    await lake.close();
    const tablesAt = async (time: string, days: number): Promise<readonly string[]> => {
      const later = await open(directory, at(time));
      const gone = (await later.expire(new Map([['rule_matches', days * dayMs]]))).map(({ table }) => table);
      await later.close();
      return gone;
    };
    expect(await tablesAt('2026-01-12T00:00:00Z', 1)).toEqual(['rule_matches']);
    expect(await tablesAt('2026-01-13T00:00:00Z', 1)).toEqual(['match_alerts']);
  });

  it('lets a query that reads finish, and deletes its files after it', async () => {
    const directory = await makeDirectory();
    const lake = await openDoors('2026-02-10T00:00:00Z', directory, ['2026-01-01', '2026-01-02']);
    const rows: unknown[] = [];
    for await (const piece of lake.lake.scan(ids, [doorTable], { timeoutMs: 15_000 })) {
      await lake.expire(new Map([['acme_door', 1]]));
      expect(await partFiles(directory)).toHaveLength(2);
      rows.push(...piece);
    }
    expect(rows).toHaveLength(2);
    expect(await column(lake, ids)).toEqual([]);
    await lake.sweep();
    expect(await partFiles(directory)).toEqual([]);
  });

  it('counts an event once that comes again after its day went', async () => {
    const directory = await makeDirectory();
    const lake = await openDoors('2026-02-10T00:00:00Z', directory, ['2026-01-01', '2026-01-02']);
    await lake.expire(new Map([['acme_door', 39 * dayMs]]));
    const again = [door('2026-01-01', '2026-01-01'), door('2026-01-02', '2026-01-02')];
    const written = await writeEvents(lake, { tables: [{ table: doorTable, rows: again }], commit: {} });
    expect(written.storedCount).toBe(1);
    expect(await column(lake, ids)).toEqual(['2026-01-01', '2026-01-02']);
  });

  it('deletes at the next start what a crash left of removed parts', async () => {
    const directory = await makeDirectory();
    const lake = await openDoors('2026-02-10T00:00:00Z', directory, ['2026-01-01', '2026-01-02']);
    const [first = ''] = await partFiles(directory);
    // As a kill between the transaction and the files leaves it: no entry, but a file.
    await lake.state.commit({ remove: [{ space: 'part', key: `parts/${first}` }] });
    await lake.close();
    const reopened = await open(directory);
    expect(await column(reopened, ids)).toEqual(['2026-01-02']);
    expect(await partFiles(directory)).toHaveLength(1);
  });
});
