import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchAlertsTable, ruleMatchesTable } from '../../framework/model/standard-tables.ts';
import type { Row, Table } from '../../framework/model/table.ts';
import { openSqlEngines, type SqlEngines } from '../../framework/sql/index.ts';
import { createMemoryLake } from '../../framework/testing/timeline/memory-lake.ts';

const table: Table = {
  name: 'things',
  description: 'Made up.',
  key: 'id',
  replaces: false,
  time: 'at',
  columns: [
    { name: 'id', type: 'VARCHAR', nullable: false },
    { name: 'at', type: 'TIMESTAMP', nullable: false },
    { name: 'size', type: 'BIGINT' },
    { name: 'share', type: 'DOUBLE' },
    { name: 'is_new', type: 'BOOLEAN' },
    { name: 'names', type: 'VARCHAR[]' },
    { name: 'udm', type: 'STRUCT', fields: ['ip'] },
    { name: 'more', type: 'JSON' },
  ],
};
const row = { id: 'a', at: '2026-01-15T12:00:00.000Z' };

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

const openLake = () => createMemoryLake(engines, 'both', () => 0);

describe('one row a key is kept', () => {
  it.each([
    ['the first', false, 1],
    ['the last, where rows replace each other', true, 2],
  ])('%s', (_, replaces, size) => {
    const lake = openLake();
    lake.file({ ...table, replaces }, [{ ...row, size: 1 }]);
    lake.file({ ...table, replaces }, [{ ...row, size: 2 }]);
    expect(lake.rows('things')).toEqual([{ ...row, size }]);
  });
});

it('a match has its own alert, else the one that it was linked to first', () => {
  const match = { p_match_id: 'm', p_event_time: row.at };
  const lake = openLake();
  lake.file(ruleMatchesTable, [
    { ...match, p_alert_id: null },
    { ...match, p_match_id: 'own', p_alert_id: 'own' },
  ]);
  for (const alert of ['first', 'last']) {
    const links = ['m', 'own'].map((match_id) => ({ match_id, alert_id: alert, linked_at: row.at }));
    lake.file(matchAlertsTable, links);
  }
  expect(lake.rows('rule_matches').map(({ p_alert_id }) => p_alert_id)).toEqual(['first', 'own']);
});

it('a row that fits is taken, NULLs too', () => {
  const whole = { ...row, size: 1, share: 0.5, is_new: true, names: ['x', null], udm: { ip: '192.0.2.1' }, more: [1] };
  const lake = openLake();
  lake.file(table, [whole, { id: 'b', at: row.at, size: null, names: undefined }]);
  expect(lake.rows('things')).toHaveLength(2);
});

it.each<[string, Row, string]>([
  ['an unknown column', { ...row, sise: 1 }, "'sise' of row 'a' for table 'things' is no column of the table."],
  ['no key', { at: row.at }, "'id' of row 'undefined' for table 'things' is missing, and it is the key."],
  ['no time', { id: 'a' }, "'at' of row 'a' for table 'things' is missing, and it decides the day."],
  ['a text as number', { ...row, size: '1' }, "'size' of row 'a' for table 'things' is no BIGINT."],
  ['a fraction', { ...row, size: 1.5 }, "'size' of row 'a' for table 'things' is no BIGINT."],
  ['a number as text', { id: 1, at: row.at }, "'id' of row '1' for table 'things' is no VARCHAR."],
  ['no such day', { id: 'a', at: '2026-13-01T00:00:00Z' }, "'at' of row 'a' for table 'things' is no TIMESTAMP."],
  ['one text for several', { ...row, names: 'x' }, "'names' of row 'a' for table 'things' is no VARCHAR[]."],
  ['a number in a struct', { ...row, udm: { ip: 1 } }, "'udm' of row 'a' for table 'things' is no STRUCT."],
  ['a text for a truth', { ...row, is_new: 'yes' }, "'is_new' of row 'a' for table 'things' is no BOOLEAN."],
  ['a text for a fraction', { ...row, share: '0.5' }, "'share' of row 'a' for table 'things' is no DOUBLE."],
])('a row with %s is refused', (_, bad, message) => {
  const lake = openLake();
  expect(() => lake.file(table, [row, bad])).toThrow(expect.objectContaining({ code: 'TEST_ROW_INVALID', message }));
  expect(lake.rows('things')).toEqual([]);
});
