import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row, Table } from '../../../framework/model/table.ts';
import { openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';

const column = (name: string, type: 'BIGINT' | 'VARCHAR') => ({ name, type });
const tables: readonly Table[] = [
  {
    ...{ name: 'logins', description: '', key: 'id', replaces: false, time: 'at' },
    columns: [{ name: 'id', type: 'BIGINT', nullable: false }, column('person', 'VARCHAR'), column('score', 'BIGINT')],
  },
  {
    ...{ name: 'people', description: '', key: 'person', replaces: false, time: 'at' },
    columns: [column('person', 'VARCHAR'), column('rank', 'BIGINT')],
  },
];
const rows = new Map<string, readonly Row[]>([
  [
    'logins',
    [
      { id: 1, person: 'ann', score: 5 },
      { id: 2, person: 'ann', score: 5 },
      { id: 3, person: 'ann', score: null },
      { id: 4, person: 'bob', score: 7 },
      { id: 5, person: null, score: 1 },
    ],
  ],
  [
    'people',
    [
      { person: 'ann', rank: 1 },
      { person: null, rank: 2 },
      { person: 'eve', rank: 3 },
    ],
  ],
]);

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

const run = (sql: string) => engines.run({ sql, tables, rows, nowMs: 0, engines: 'both' });

describe('on both engines', () => {
  test.each([
    ['the first row of each', 'row_number() OVER (PARTITION BY person ORDER BY id DESC)', [3, 2, 1, 1, 1]],
    ['ranks with ties and a NULL', 'rank() OVER (ORDER BY score DESC NULLS LAST)', [2, 2, 5, 1, 4]],
    ['ranks without gaps', 'dense_rank() OVER (ORDER BY score DESC NULLS LAST)', [2, 2, 4, 1, 3]],
    ['the row before', 'lag(id) OVER (PARTITION BY person ORDER BY id)', [null, 1, 2, null, null]],
    ['two rows after, or else', 'lead(id, 2, 0) OVER (ORDER BY id)', [3, 4, 5, 0, 0]],
    ['a running sum, ties together', 'sum(score) OVER (ORDER BY score NULLS FIRST)', [11, 11, null, 18, 1]],
    ['a share of a whole', 'count(*) OVER (PARTITION BY person)', [3, 3, 3, 1, 1]],
    ['what is filtered', 'count(*) FILTER (WHERE score = 5) OVER ()', [2, 2, 2, 2, 2]],
  ])('%s', async (_, window, expected) => {
    const found = await run(`SELECT id, ${window} AS w FROM logins ORDER BY id`);
    expect(found).toEqual({ engines: ['duckdb', 'alasql'], rows: expected.map((w, index) => ({ id: index + 1, w })) });
  });

  test('a FULL JOIN keeps what has no partner on either side', async () => {
    const found = await run(
      'SELECT l.id, p.rank FROM logins l FULL JOIN people p ON l.person = p.person ORDER BY l.id NULLS LAST, p.rank NULLS LAST',
    );
    expect(found).toEqual({
      engines: ['duckdb', 'alasql'],
      rows: [
        { id: 1, rank: 1 },
        { id: 2, rank: 1 },
        { id: 3, rank: 1 },
        { id: 4, rank: null },
        { id: 5, rank: null },
        { id: null, rank: 2 },
        { id: null, rank: 3 },
      ],
    });
  });
});

test.each([
  ['ties that leave the order open', 'SELECT row_number() OVER (ORDER BY score) AS n FROM logins'],
  ['windows over groups', 'SELECT person, rank() OVER (ORDER BY count(*)) AS r FROM logins GROUP BY person'],
  [
    'windows that read outside',
    'SELECT (SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY p.person) AS n FROM people p WHERE p.rank = l.id) s) AS n FROM logins l',
  ],
  [
    'a FULL JOIN among others',
    'SELECT l.id FROM logins l FULL JOIN people p ON l.person = p.person JOIN people q ON q.rank = l.id',
  ],
])('alasql alone is refused for %s', async (_, sql) => {
  const found = await run(sql);
  expect(found.refusal).toBeDefined();
  expect(found.engines).toEqual(['duckdb']);
});
