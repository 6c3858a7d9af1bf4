import { expect, it } from 'vitest';
import type { ReadBounds } from '../../../framework/model/read-bounds.ts';
import { ruleMatchesTable } from '../../../framework/model/standard-tables.ts';
import type { Table } from '../../../framework/model/table.ts';
import type { OpenLake } from '../../../framework/runtime/lake/index.ts';
import { door, doorTable, makeDirectory, match, open, partFiles } from './lake-directory.ts';
import { writeEvents } from './write-events.ts';

const read = async (lake: OpenLake, table: Table, sql: string, bounds?: ReadBounds) => {
  const limits = { timeoutMs: 60_000, maxRows: 100, ...(bounds ? { bounds: new Map([[table.name, bounds]]) } : {}) };
  const { rows, cost } = await lake.lake.query(sql, [table], limits);
  return { rows, rowsScanned: cost.rowsScanned };
};

it('many matches of a day are merged into parts with a range of detections each, and few of them are read for one', async () => {
  const directory = await makeDirectory();
  const lake = await open(directory);
  const perRule = 400;
  for (let batch = 0; batch < 9; batch++) {
    const rows = Array.from({ length: 4_000 }, (_, n) =>
      match(`${batch} ${n}`, { p_rule_id: `rule-${n % 90}`, p_dedup: String(n % 7) }),
    );
    await writeEvents(lake, { tables: [{ table: ruleMatchesTable, rows }], commit: {} });
  }
  await lake.sweep(); // waits for the merge
  expect(await partFiles(directory)).toHaveLength(2);
  const sql =
    "SELECT p_rule_id, count(*) AS n FROM rule_matches WHERE p_rule_id IN ('rule-7', 'rule-33') GROUP BY p_rule_id";
  const whole = await read(lake, ruleMatchesTable, `${sql} ORDER BY p_rule_id`);
  expect(whole.rows).toEqual([
    { p_rule_id: 'rule-33', n: expect.closeTo(perRule, -2) },
    { p_rule_id: 'rule-7', n: expect.closeTo(perRule, -2) },
  ]);
  // A key that is named twice is read once.
  const some = await read(lake, ruleMatchesTable, `${sql} ORDER BY p_rule_id`, {
    keys: ['rule-7', 'rule-33', 'rule-7'],
  });
  expect(some.rows).toEqual(whole.rows);
  expect(some.rowsScanned).toBeLessThan(12_000);
  expect(await read(lake, ruleMatchesTable, sql, { keys: ['rule-777'] })).toEqual({ rows: [], rowsScanned: 0 });
  expect(await read(lake, ruleMatchesTable, sql, { keys: [] })).toEqual({ rows: [], rowsScanned: 0 });
  const many = Array.from({ length: 90 }, (_, n) => `rule-${n}`);
  expect((await read(lake, ruleMatchesTable, `${sql} ORDER BY p_rule_id`, { keys: many })).rows).toEqual(whole.rows);
}, 60_000);

it('parts that lack a column are read beside those that have it', async () => {
  const lake = await open(await makeDirectory());
  const sorted: Table = { ...doorTable, sortBy: ['door'] };
  const wider: Table = { ...sorted, columns: [...sorted.columns, { name: 'colour', type: 'VARCHAR' }] };
  await writeEvents(lake, { tables: [{ table: sorted, rows: [door('a'), door('b')] }], commit: {} });
  const rows = [door('c', '2026-01-02', { door: 'door a', colour: 'red' }), door('d')];
  await writeEvents(lake, { tables: [{ table: wider, rows }], commit: {} });
  const sql = 'SELECT p_row_id AS id, colour FROM acme_door ORDER BY id';
  const both = [
    { id: 'a', colour: null },
    { id: 'c', colour: 'red' },
  ];
  expect((await read(lake, wider, sql, { keys: ['door a'] })).rows).toEqual(both);
  expect((await read(lake, wider, sql)).rows).toHaveLength(4);
});

it('a match has its alert where a query names it, and where it takes all columns', async () => {
  const lake = await open(await makeDirectory());
  await lake.state.commit({ rows: [{ table: 'rule_matches', rows: [match('m')] }] });
  await lake.state.commit({ rows: [{ table: 'match_alerts', rows: [{ match_id: 'm', alert_id: 'linked' }] }] });
  for (const sql of ['SELECT p_alert_id AS a FROM rule_matches', 'SELECT m.* FROM rule_matches m']) {
    const [row] = (await read(lake, ruleMatchesTable, sql)).rows;
    expect(row?.a ?? row?.p_alert_id).toBe('linked');
  }
});
