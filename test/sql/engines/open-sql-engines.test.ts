import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row, Table } from '../../../framework/model/table.ts';
import { loadAlasql } from '../../../framework/sql/engines/load-alasql.ts';
import { type EngineInput, openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';

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
    { name: 'is_new', type: 'BOOLEAN' },
    { name: 'seen', type: 'TIMESTAMP' },
    { name: 'extra', type: 'JSON' },
    { name: 'tags', type: 'VARCHAR[]' },
    { name: 'udm', type: 'STRUCT', fields: ['actor_user', 'source_ip'] },
  ],
};

const row: Row = {
  id: 1,
  label: 'one',
  ratio: 0.5,
  is_new: true,
  seen: '2024-06-30T12:00:00.250Z',
  extra: { deep: [1, { a: 'b' }], none: null },
  tags: ['x', null],
  udm: { actor_user: 'bart', source_ip: null },
};

let engines: SqlEngines;
beforeAll(async () => {
  engines = await openSqlEngines();
});
afterAll(() => engines.close());

function run(sql: string, rows: readonly Row[] = [row], which: EngineInput['engines'] = 'both') {
  return engines.run({ sql, tables: [table], rows: new Map([['samples', rows]]), nowMs: 0, engines: which });
}

describe('rows', () => {
  test.each(['both', 'duckdb', 'alasql'] as const)('go in and come out in one form: %s', async (which) => {
    const found = await run('SELECT * FROM samples', [row, { id: 2 }], which);
    expect(found.engines).toEqual(which === 'both' ? ['duckdb', 'alasql'] : [which]);
    expect(found.rows).toEqual([
      { ...row, extra: '{"deep":[1,{"a":"b"}],"none":null}' },
      { id: 2, label: null, ratio: null, is_new: null, seen: null, extra: null, tags: null, udm: null },
    ]);
  });

  test('with another zone are turned to UTC', async () => {
    const { rows } = await run('SELECT seen FROM samples', [{ id: 1, seen: '2024-06-30T12:00:00+02:00' }]);
    expect(rows).toEqual([{ seen: '2024-06-30T10:00:00.000Z' }]);
  });

  test.each([
    ['a number for a text', { id: 1, label: 5 }, 'samples.label is VARCHAR'],
    ['a fraction for a whole number', { id: 1.5 }, 'samples.id is BIGINT'],
    ['a number beyond 2^53', { id: 2 ** 53 }, 'samples.id is BIGINT'],
    ['infinity', { id: 1, ratio: Number.POSITIVE_INFINITY }, 'samples.ratio is DOUBLE'],
    ['a text for a boolean', { id: 1, is_new: 'yes' }, 'samples.is_new is BOOLEAN'],
    ['a time without a zone', { id: 1, seen: '2024-06-30T12:00:00' }, 'samples.seen is TIMESTAMP'],
    ['a time that is none', { id: 1, seen: 'noonZ' }, 'samples.seen is TIMESTAMP'],
    ['a list of numbers', { id: 1, tags: [1] }, 'samples.tags is VARCHAR[]'],
    ['a struct of numbers', { id: 1, udm: { actor_user: 5 } }, 'samples.udm is STRUCT'],
    ['a column that is none', { id: 1, colour: 'red' }, "A row for samples has 'colour'"],
  ])('with %s are refused', async (_, bad, message) => {
    await expect(run('SELECT id FROM samples', [bad])).rejects.toMatchObject({
      code: 'SQL_ROW_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('a run', () => {
  test('leaves nothing behind, and runs at the same time do not mix', async () => {
    const counts = await Promise.all(
      [3, 0, 5, 1].map(async (count) => {
        const { rows } = await run(
          'SELECT count(*) AS n FROM samples',
          Array.from({ length: count }, (_, id) => ({ id })),
        );
        return rows[0]?.n;
      }),
    );
    expect(counts).toEqual([3, 0, 5, 1]);
  });

  test('whose whole numbers are too large fails instead of rounding', async () => {
    const large = [{ id: Number.MAX_SAFE_INTEGER }, { id: Number.MAX_SAFE_INTEGER }];
    await expect(run('SELECT sum(id) AS total FROM samples', large)).rejects.toMatchObject({
      code: 'SQL_NUMBER_TOO_LARGE',
      message: expect.stringContaining("'total' is 18014398509481982"),
      hint: 'Write CAST(total AS VARCHAR) or CAST(total AS DOUBLE).',
    });
    const { rows, refusal } = await run('SELECT CAST(sum(id) AS VARCHAR) AS total FROM samples', large);
    expect(rows).toEqual([{ total: '18014398509481982' }]);
    expect(refusal).toBeDefined();
  });

  test('that DuckDB cannot finish fails with its reason, and the next one works', async () => {
    await expect(run('SELECT CAST(label AS BIGINT) AS n FROM samples')).rejects.toMatchObject({
      code: 'SQL_QUERY_FAILED',
      message: expect.stringContaining("Could not convert string 'one' to INT64"),
    });
    expect((await run('SELECT id FROM samples')).rows).toEqual([{ id: 1 }]);
  });

  test.each([
    ['text that the gate refuses', 'SELECT now() AS n', 'SQL_CLOCK_REFUSED'],
    ['unknown columns', 'SELECT nosuch FROM samples', 'SQL_COLUMN_UNKNOWN'],
    ['tables that are not declared', 'SELECT * FROM other', 'SQL_TABLE_UNKNOWN'],
  ])('of %s is refused', async (_, sql, code) => {
    await expect(run(sql)).rejects.toMatchObject({ code });
  });

  test('that alasql is not proven for goes to DuckDB, and says so', async () => {
    const sql = 'SELECT id FROM samples ORDER BY label LIMIT 1';
    expect(await run(sql, [row], 'alasql')).toEqual({
      rows: [{ id: 1 }],
      engines: ['duckdb'],
      refusal: 'ORDER BY does not decide which rows LIMIT keeps',
    });
  });
});

test('a wrong answer of alasql, or none, is reported as a difference', async () => {
  const sql = 'SELECT id FROM samples WHERE id = 2';
  const { fn } = loadAlasql();
  await run(sql);
  const own = fn.m_eq;
  try {
    fn.m_eq = () => true;
    expect(await run(sql)).toEqual({
      rows: [],
      engines: ['duckdb', 'alasql'],
      difference: 'DuckDB gives 0 rows, alasql 1 row.\nOnly alasql: {"id":1}',
    });
    fn.m_eq = () => {
      throw new TypeError('broken');
    };
    expect((await run(sql)).difference).toBe('DuckDB gives 0 rows, alasql fails: broken');
    await expect(run(sql, [row], 'alasql')).rejects.toMatchObject({ code: 'SQL_QUERY_FAILED' });
  } finally {
    fn.m_eq = own;
  }
});

test('the sides of a UNION keep an ORDER BY and LIMIT of their own', async () => {
  const side = (direction: string) => `(SELECT id FROM samples ORDER BY id ${direction} LIMIT 1)`;
  const found = await run(`${side('ASC')} UNION ALL ${side('DESC')} ORDER BY id`, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  expect(found).toEqual({ engines: ['duckdb', 'alasql'], rows: [{ id: 1 }, { id: 3 }] });
});

test('texts are ordered by code point, not by UTF-16 unit', async () => {
  const [astral, fullwidth] = ['\u{1f600}', '\uff21'];
  const found = await run(
    `SELECT label, label > '${fullwidth}' AS is_after, label IN ('${astral}') AS is_in FROM samples ORDER BY label`,
    [astral, fullwidth, 'a'].map((label, id) => ({ id, label })),
  );
  expect(found).toEqual({
    engines: ['duckdb', 'alasql'],
    rows: [
      { label: 'a', is_after: false, is_in: false },
      { label: fullwidth, is_after: false, is_in: false },
      { label: astral, is_after: true, is_in: true },
    ],
  });
});

test('CTEs that use each other twice are not printed without end', async () => {
  const ctes = Array.from(
    { length: 30 },
    (_, index) => `, c${index + 1} AS (SELECT x.id FROM c${index} x JOIN c${index} y ON x.id = y.id)`,
  );
  const { refusal } = await run(`WITH c0 AS (SELECT id FROM samples)${ctes.join('')} SELECT id FROM c30`);
  expect(refusal).toMatch(/grows too long/);
});

describe('alasql alone is refused for', () => {
  test.each([
    ['an aggregate of what is outside', 'SELECT (SELECT max(s.id) FROM samples t) AS m FROM samples s'],
    [
      'a CTE that reads what is around it',
      'SELECT (WITH c AS (SELECT s.id AS i) SELECT i FROM c WHERE EXISTS (SELECT 1 AS x FROM c)) AS m FROM samples s',
    ],
    ['a comparison that DuckDB converts', "SELECT id FROM samples WHERE id = '1.5'"],
    ['a comparison of lists', 'SELECT id FROM samples WHERE tags = tags'],
    ['the order of structs', 'SELECT id FROM samples ORDER BY udm'],
    ['decimal arithmetic', 'SELECT id * 1.5 AS n FROM samples'],
    ['the digits of a DOUBLE', 'SELECT CAST(ratio AS VARCHAR) AS n FROM samples'],
    ['months', "SELECT seen - INTERVAL '1 month' AS t FROM samples"],
    ['TRY_CAST of what only DuckDB reads', "SELECT TRY_CAST('1e3' AS BIGINT) AS n FROM samples"],
    ['TRY_CAST of other types', 'SELECT TRY_CAST(ratio AS BIGINT) AS n FROM samples'],
    ['a UNION of different types', 'SELECT id AS a FROM samples UNION ALL SELECT label FROM samples'],
    ['LIMIT over ties', 'SELECT id FROM samples ORDER BY label LIMIT 1'],
    ['LIMIT 0', 'SELECT id FROM samples ORDER BY id LIMIT 0'],
    ['OFFSET without LIMIT', 'SELECT id FROM samples ORDER BY id OFFSET 1'],
    [
      'joins in parentheses',
      'SELECT a.id FROM samples a JOIN (samples b JOIN samples c ON b.id = c.id) ON a.id = b.id',
    ],
    ['-> without ->>', "SELECT extra->'deep' AS d FROM samples"],
    ['the sum of distinct values', 'SELECT sum(DISTINCT id) AS s FROM samples'],
    [
      'the undecided order of texts',
      "SELECT string_agg(label, ',' ORDER BY ratio) AS s FROM (SELECT label, ratio FROM samples UNION ALL SELECT 'two', ratio FROM samples) t",
    ],
    ['a group with a name', "SELECT regexp_matches(label, '(?P<o>o)') AS m FROM samples"],
    ['what a repeated group captures', "SELECT regexp_extract(label, '(o|n)*', 1) AS m FROM samples"],
    ['splitting by nothing', "SELECT split_part(label, '', 1) AS p FROM samples"],
    ['the largest JSON', 'SELECT max(extra) AS m FROM samples'],
    ['letters whose case changes their number', "SELECT upper(label || '\u00df') AS u FROM samples"],
    ['a division by zero', 'SELECT ratio / 0.0 AS d FROM samples'],
    ['a substring from before the start', 'SELECT substring(label, id - 2, 2) AS s FROM samples'],
    ['an escape of several characters', "SELECT label LIKE 'x' ESCAPE '' AS l FROM samples"],
    ['very small numbers in JSON', "SELECT extra->>'tiny' AS t FROM samples"],
    ['control characters in JSON text', "SELECT extra->>'odd' AS t FROM samples"],
  ])('%s', async (_, sql) => {
    const extra = { deep: 1, tiny: 1e-9, odd: ['\u0001'] };
    const found = await run(sql, [{ ...row, extra }]);
    expect(found.refusal, JSON.stringify(found)).toBeDefined();
    expect(found.engines).toEqual(['duckdb']);
  });
});

test('values that are proven one by one are the same on both engines', async () => {
  const rows = ['0', '7', '-7', ' 8 ', '12.5'].map((label, id) => ({
    id,
    label,
    ratio: [0.5, 1.5, 2.5, -0.5, -2.5][id],
    is_new: id % 2 === 0,
    seen: [
      '2024-01-01T00:00:00.000Z',
      '2024-02-29T23:59:59.999Z',
      '2023-12-31T10:00:00.100Z',
      '1969-12-31T23:00:00.000Z',
      '2024-03-04T00:00:00.000Z',
    ][id],
    extra: { n: [1, 0.1, -2.25, 123456789.5, 100][id], b: id > 2, o: { a: [id] } },
  }));
  const found = await run(
    `SELECT id, CAST(ratio AS BIGINT) AS rounded, round(ratio) AS whole, round(ratio * 1.05, 1) AS one, floor(ratio) AS f, ceil(ratio) AS c,
       CAST(is_new AS BIGINT) AS b, CAST(seen AS VARCHAR) AS t, date_trunc('week', seen) AS w, date_trunc('month', seen) AS m, date_trunc('year', seen) AS y,
       date_diff('hour', TIMESTAMP '2024-01-01', seen) AS hours, date_diff('day', seen, TIMESTAMP '1969-12-31 22:30:00') AS days, date_diff('month', seen, TIMESTAMP '2024-01-01') AS months, EXTRACT(month FROM seen) AS month,
       extra->>'n' AS n, extra->>'b' AS json_b, extra->>'o' AS o, CAST(extra->>'$.o.a[0]' AS BIGINT) AS first, extra, id IS DISTINCT FROM 2 AS d,
       CAST(label AS DOUBLE) AS number, least(label, 'a') AS l, -id AS negative, TRUE AS yes, concat(is_new, NULL, id) AS joined
     FROM samples ORDER BY id`,
    rows,
  );
  expect(found).toMatchObject({ engines: ['duckdb', 'alasql'] });
  expect(found.difference).toBeUndefined();
});
