import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row, Table } from '../../../framework/model/table.ts';
import { openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';

const table: Table = {
  name: 'samples',
  description: '',
  key: 'id',
  replaces: false,
  time: 'seen',
  columns: [
    { name: 'id', type: 'BIGINT', nullable: false },
    { name: 'label', type: 'VARCHAR' },
    { name: 'ratio', type: 'DOUBLE' },
    { name: 'seen', type: 'TIMESTAMP' },
    { name: 'extra', type: 'JSON' },
  ],
};
const row: Row = { id: 1, seen: '2024-06-30T12:00:00.250Z', extra: { deep: [1, { a: 'b' }], none: null } };

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

function run(sql: string, rows: readonly Row[] = [row]) {
  return engines.run({ sql, tables: [table], rows: new Map([['samples', rows]]), nowMs: 0, engines: 'both' });
}

describe('subqueries in expressions', () => {
  const rows = [
    { id: 1, label: 'a', ratio: 0.5 },
    { id: 2, label: 'a', ratio: null },
    { id: 3, label: null, ratio: 2 },
  ];

  test.each([
    ['IN with a NULL inside', 'SELECT id FROM samples WHERE label IN (SELECT label FROM samples) ORDER BY id', [1, 2]],
    ['NOT IN with a NULL inside', 'SELECT id FROM samples WHERE label NOT IN (SELECT label FROM samples)', []],
    ['NOT IN nothing', 'SELECT id FROM samples WHERE label NOT IN (SELECT label FROM samples WHERE id > 9)', [1, 2, 3]],
    [
      'EXISTS',
      'SELECT id FROM samples s WHERE EXISTS (SELECT 1 AS x FROM samples t WHERE t.label = s.label AND t.id > s.id)',
      [1],
    ],
    [
      'NOT EXISTS',
      'SELECT id FROM samples s WHERE NOT EXISTS (SELECT 1 AS x FROM samples t WHERE t.label = s.label)',
      [3],
    ],
    ['one value', 'SELECT id FROM samples WHERE ratio > (SELECT min(ratio) FROM samples)', [3]],
    ['no value', 'SELECT id FROM samples WHERE ratio > (SELECT ratio FROM samples WHERE id = 9)', []],
    [
      'two queries out',
      'SELECT id FROM samples a WHERE EXISTS (SELECT 1 AS x FROM samples b WHERE b.label = a.label AND EXISTS (SELECT 1 AS y FROM samples c WHERE c.id = a.id + b.id))',
      [1, 2],
    ],
    [
      'the same name inside and outside',
      'SELECT id FROM samples s WHERE id = (SELECT max(s.id) - 1 FROM samples s WHERE s.id = (SELECT max(s.id) AS m FROM samples s))',
      [2],
    ],
    [
      'a group key',
      'SELECT min(id) AS id FROM samples s GROUP BY label HAVING count(*) = (SELECT count(*) FROM samples t WHERE t.label = s.label)',
      [1],
    ],
  ])('%s', async (_, sql, expected) => {
    const found = await run(sql, rows);
    expect(found).toMatchObject({ engines: ['duckdb', 'alasql'] });
    expect(found.difference).toBeUndefined();
    expect(found.rows.map((one) => Number(one.id)).sort()).toEqual(expected);
  });

  test('that find several values where one is needed fail as DuckDB fails', async () => {
    await expect(run('SELECT id, (SELECT id FROM samples) AS one FROM samples', rows)).rejects.toMatchObject({
      code: 'SQL_QUERY_FAILED',
      message: expect.stringContaining('More than one row'),
    });
  });

  test('have the type that they give', async () => {
    const { rows: found } = await run(
      "SELECT id + (SELECT count(*) FROM samples) AS n, (SELECT seen FROM samples) - INTERVAL '1 day' AS t FROM samples",
    );
    expect(found).toEqual([{ n: 2, t: '2024-06-29T12:00:00.250Z' }]);
  });
});

test('JSON that comes out of a subquery is read like any other', async () => {
  const sql = "SELECT e->>'$.deep[1].a' AS a, e FROM (SELECT extra AS e FROM (SELECT extra FROM samples) s) t";
  expect(await run(sql)).toEqual({
    engines: ['duckdb', 'alasql'],
    rows: [{ a: 'b', e: '{"deep":[1,{"a":"b"}],"none":null}' }],
  });
});
