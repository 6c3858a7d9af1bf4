import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextColumn } from '../../../framework/model/detection.ts';
import type { Row } from '../../../framework/model/table.ts';
import { type Catalog, checkQuery, openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';
import { sampleCatalog } from '../sample-catalog.ts';

const catalog: Catalog = {
  tables: sampleCatalog.tables,
  contexts: new Map<string, Readonly<Record<string, ContextColumn>>>([
    [
      'a/typed',
      {
        who: { type: 'string' },
        tries: { type: 'bigint' },
        share: { type: 'double' },
        isNew: { type: 'boolean' },
        since: { type: 'timestamp' },
        raw: { type: 'json' },
      },
    ],
    ['b/other', { tries: { type: 'string' }, share: { type: 'double' } }],
  ]),
};
const one = "FROM rule_matches WHERE p_rule_id = 'a/typed' AND p_occurs_since('1 day')";
const both = "FROM rule_matches WHERE p_rule_id IN ('a/typed', 'b/other') AND p_occurs_since('1 day')";

async function typesOf(sql: string): Promise<readonly string[]> {
  const { problems, columns } = await checkQuery(sql, catalog);
  expect(problems).toEqual([]);
  return columns.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' NOT NULL'}`);
}

describe('a context column has the type that its detection declares', () => {
  test('in the result', async () => {
    const keys = ['who', 'tries', 'share', 'isNew', 'since', 'raw'];
    const list = keys.map((key) => `p_alert_context->>'${key}' AS ${key}`).join(', ');
    expect(await typesOf(`SELECT ${list} ${one}`)).toEqual([
      'who VARCHAR',
      'tries BIGINT',
      'share DOUBLE',
      'isNew BOOLEAN',
      'since TIMESTAMP',
      'raw VARCHAR',
    ]);
  });

  test('in aggregates, through subqueries, CTEs and aliases', async () => {
    expect(
      await typesOf(`WITH m AS (SELECT p_alert_context AS c, p_alert_context->>'tries' AS n ${one})
        SELECT sum(n) AS total, max(c->>'since') AS last, (SELECT count_if(c->>'isNew') FROM m) AS fresh FROM m HAVING total > 5`),
    ).toEqual(['total BIGINT', 'last TIMESTAMP', 'fresh BIGINT NOT NULL']);
  });

  test('where several detections declare it alike, or not at all', async () => {
    expect(await typesOf(`SELECT p_alert_context->>'share' AS s, p_alert_context->>'since' AS t ${both}`)).toEqual([
      's DOUBLE',
      't TIMESTAMP',
    ]);
  });

  test('and not where no detection is named, inside of a column, or under a cast of the author’s', async () => {
    expect(
      await typesOf("SELECT p_alert_context->>'tries' AS n FROM rule_matches WHERE p_occurs_since('1 day')"),
    ).toEqual(['n VARCHAR']);
    expect(
      await typesOf(
        `SELECT p_alert_context->>'$.tries[0]' AS n, CAST(p_alert_context->>'tries' AS DOUBLE) AS d ${one}`,
      ),
    ).toEqual(['n VARCHAR', 'd DOUBLE']);
  });

  test('so what does not fit the type is refused', async () => {
    const { problems } = await checkQuery(`SELECT lower(p_alert_context->>'tries') AS n ${one}`, catalog);
    expect(problems).toMatchObject([{ code: 'SQL_TYPE_WRONG', severity: 'error' }]);
    const conditions = await checkQuery(`SELECT p_dedup ${one} AND (p_alert_context->>'tries')`, catalog);
    expect(conditions.problems).toMatchObject([{ code: 'SQL_TYPE_WRONG' }]);
  });
});

test('detections that disagree on a type share its text, and it is said', async () => {
  const sql = `SELECT p_alert_context->>'tries' AS n ${both}`;
  const { problems, columns } = await checkQuery(sql, catalog);
  expect(problems).toEqual([
    {
      code: 'SQL_CONTEXT_TYPE_MIXED',
      severity: 'finding',
      offset: sql.indexOf("'tries'"),
      message: "'tries' is bigint in 'a/typed' and string in 'b/other', so it is read as text.",
      hint: "Declare one type, or write TRY_CAST((p_alert_context->>'tries') AS BIGINT).",
    },
  ]);
  expect(columns).toMatchObject([{ type: 'VARCHAR' }]);
  expect(await typesOf(`SELECT TRY_CAST((p_alert_context->>'tries') AS BIGINT) AS n ${both}`)).toEqual(['n BIGINT']);
});

describe('what runs', () => {
  let engines: SqlEngines;
  beforeAll(async () => {
    engines = await openSqlEngines();
  });
  afterAll(() => engines.close());

  test('is the text of the author where there is nothing to cast', async () => {
    const sql = `-- why\nSELECT p_alert_context->>'who' AS who ${one}`;
    expect((await checkQuery(sql, catalog)).sql).toBe(sql);
  });

  test('compares, orders and adds by the declared type on both engines; what an older declaration left is NULL', async () => {
    const checked = await checkQuery(
      `SELECT p_alert_context->>'tries' AS tries, (p_alert_context->>'since') > TIMESTAMP '2024-01-01' AS is_recent, count(*) AS n, sum(p_alert_context->>'share') AS share
         ${one} AND coalesce(p_alert_context->>'tries', 99) > 9 GROUP BY tries, is_recent ORDER BY tries NULLS LAST, is_recent NULLS LAST`,
      catalog,
    );
    expect(checked.problems).toEqual([]);
    const match = (id: number, context: unknown): Row => ({
      p_match_id: String(id),
      p_rule_id: 'a/typed',
      p_event_time: '2024-06-30T11:00:00.000Z',
      p_alert_context: context,
    });
    const run = await engines.run({
      sql: checked.sql,
      tables: catalog.tables,
      rows: new Map([
        [
          'rule_matches',
          [
            match(1, { tries: 9, share: 1 }),
            match(2, { tries: 10, share: 0.5, since: '2024-02-01T00:00:00.000Z' }),
            match(3, { tries: 100, share: 0.25, since: '2023-02-01T00:00:00.000Z' }),
            match(4, { tries: 'many', share: 'none', since: 'once' }),
            match(5, { tries: 100, share: 0.25, since: '2023-02-01T00:00:00.000Z' }),
          ],
        ],
      ]),
      nowMs: Date.UTC(2024, 5, 30, 12),
      engines: 'both',
    });
    expect(run).toEqual({
      engines: ['duckdb', 'alasql'],
      rows: [
        { tries: 10, is_recent: true, n: 1, share: 0.5 },
        { tries: 100, is_recent: false, n: 2, share: 0.5 },
        { tries: null, is_recent: null, n: 1, share: null },
      ],
    });
  });
});
