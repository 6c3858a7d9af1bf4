import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../framework/sql/index.ts';
import { sampleCatalog } from './sample-catalog.ts';

const where = "FROM okta_systemlog WHERE p_occurs_since('1 day')";

describe('result columns', () => {
  test('have the types and nullability that are proven', async () => {
    const { problems, columns } = await checkQuery(
      `SELECT p_row_id, eventType, risk + 1 AS next, CAST(risk AS DOUBLE) AS ratio, 1.5 AS decimal, published, risk > 1 AS is_risky,
         risk IS NULL AS is_unrated, actor, target->>'$[0].id' AS target_id, p_any_emails, udm, udm.actor_user, coalesce(eventType, '') AS kind,
         CASE WHEN risk > 1 THEN 'high' ELSE 'low' END AS rating, NULL AS nothing ${where}`,
      sampleCatalog,
    );
    expect(problems).toEqual([]);
    expect(columns.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' NOT NULL'}`)).toEqual([
      'p_row_id VARCHAR NOT NULL',
      'eventType VARCHAR',
      'next BIGINT',
      'ratio DOUBLE',
      'decimal DOUBLE NOT NULL',
      'published TIMESTAMP',
      'is_risky BOOLEAN',
      'is_unrated BOOLEAN NOT NULL',
      'actor VARCHAR',
      'target_id VARCHAR',
      'p_any_emails VARCHAR[]',
      'udm STRUCT',
      'actor_user VARCHAR',
      'kind VARCHAR NOT NULL',
      'rating VARCHAR NOT NULL',
      'nothing BIGINT',
    ]);
    expect(columns.find((column) => column.name === 'udm')?.fields).toContain('actor_user');
  });

  test('of aggregates are NULL only where a group can be empty', async () => {
    const aggregates =
      'count(*) AS a, count(risk) AS b, sum(risk) AS c, avg(risk) AS d, min(p_event_time) AS e, max(eventType) AS f, min(p_row_id) FILTER (WHERE risk > 1) AS g';
    const nullable = async (sql: string) =>
      (await checkQuery(sql, sampleCatalog)).columns.map((column) => `${column.type}${column.nullable ? '?' : ''}`);
    expect(await nullable(`SELECT ${aggregates} ${where}`)).toEqual([
      'BIGINT',
      'BIGINT',
      'BIGINT?',
      'DOUBLE?',
      'TIMESTAMP?',
      'VARCHAR?',
      'VARCHAR?',
    ]);
    expect(await nullable(`SELECT ${aggregates} ${where} GROUP BY severity`)).toEqual([
      'BIGINT',
      'BIGINT',
      'BIGINT?',
      'DOUBLE?',
      'TIMESTAMP',
      'VARCHAR?',
      'VARCHAR?',
    ]);
  });

  test('of the right side of a LEFT JOIN can be NULL, also through a subquery', async () => {
    const { columns } = await checkQuery(
      `SELECT s.row_id, s.title FROM (SELECT o.p_row_id AS row_id, a.title FROM okta_systemlog o LEFT JOIN alerts a ON a.dedup = o.eventType WHERE p_occurs_since('1 day')) s`,
      sampleCatalog,
    );
    expect(columns.map((column) => column.nullable)).toEqual([false, true]);
  });

  test.each([
    [
      'without a name',
      `SELECT count(*), lower(min(eventType)) ${where}`,
      ['SQL_RESULT_COLUMN_UNNAMED', 'SQL_RESULT_COLUMN_UNNAMED'],
    ],
    ['with one name', `SELECT eventType, severity AS EventType ${where}`, ['SQL_RESULT_COLUMN_DUPLICATE']],
    [
      'that * repeats',
      "SELECT * FROM alerts a JOIN alerts b ON a.alert_id = b.alert_id WHERE a.created_at > TIMESTAMP '2024-01-01'",
      Array(14).fill('SQL_RESULT_COLUMN_DUPLICATE'),
    ],
    ['of an unsupported type', `SELECT p_parse_time - p_event_time AS delay ${where}`, ['SQL_RESULT_TYPE_UNSUPPORTED']],
  ])('%s are refused', async (_, sql, codes) => {
    const { problems, columns } = await checkQuery(sql, sampleCatalog);
    expect([...new Set(problems.map((problem) => problem.code))]).toEqual([...new Set(codes)]);
    expect(columns).toEqual([]);
  });
});

test('the tables are those of the lake, not CTEs, each once and sorted', async () => {
  const sql = `WITH a AS (SELECT p_row_id AS id ${where}), b AS (SELECT id FROM a JOIN alerts ON alert_id = id)
    SELECT b.id FROM b JOIN a ON a.id = b.id WHERE EXISTS (SELECT 1 AS x FROM audit)`;
  expect(await checkQuery(sql, sampleCatalog)).toMatchObject({
    problems: [],
    tables: ['alerts', 'audit', 'okta_systemlog'],
  });
});

test('the digest follows the logic, not the layout', async () => {
  const digest = async (sql: string) => (await checkQuery(sql, sampleCatalog)).digest;
  const first = await digest(`SELECT eventType ${where}`);
  expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await digest(`-- why\nselect  eventType\n${where} /* end */;`)).toBe(first);
  expect(await digest(`SELECT eventType ${where.replace('1 day', '2 days')}`)).not.toBe(first);
  expect(await digest(`SELECT eventType AS t ${where}`)).not.toBe(first);
  expect(await digest('SELEC')).toBe('');
});

test('queries checked at the same time do not disturb each other', async () => {
  const queries = Array.from({ length: 20 }, (_, index) => `SELECT risk + ${index} AS n${index} ${where}`);
  const checked = await Promise.all(queries.map((sql) => checkQuery(sql, sampleCatalog)));
  expect(checked.map(({ columns }) => columns[0]?.name)).toEqual(queries.map((_, index) => `n${index}`));
});
