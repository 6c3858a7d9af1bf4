import { expect, test } from 'vitest';
import { checkQuery, type SourceField } from '../../../framework/sql/index.ts';
import { addedToBypassGroup, foundingQuery, sampleCatalog } from '../sample-catalog.ts';

async function lineageOf(sql: string) {
  const { lineage, problems } = await checkQuery(sql, sampleCatalog);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return lineage;
}

const shown = ({ table, column, path }: SourceField) => [`${table}.${column}`, ...path].join('/');

async function columnsOf(sql: string) {
  const { columns } = await lineageOf(sql);
  return Object.fromEntries(
    columns.map(({ name, from, aggregates, readsClock }) => [
      name,
      [...from.map(shown), ...aggregates.map((it) => `${it}()`), ...(readsClock ? ['clock'] : [])].join(' '),
    ]),
  );
}

const since = "p_occurs_since('1 day')";

test.each([
  [
    'JSON keys, aggregates and grouped aliases',
    foundingQuery,
    {
      member: 'rule_matches.p_alert_context/member',
      adds: 'count_star()',
      first_add: 'rule_matches.p_event_time min()',
      last_add: 'rule_matches.p_event_time max()',
    },
  ],
  [
    'deeper JSON, STRUCT fields and lists',
    `SELECT actor->'detail'->>'$.ids[0]' AS a, udm.actor_user AS b, list_at(p_any_ip_addresses, 0) AS c FROM okta_systemlog WHERE ${since}`,
    {
      a: 'okta_systemlog.actor/detail/ids/0',
      b: 'okta_systemlog.udm/actor_user',
      c: 'okta_systemlog.p_any_ip_addresses',
    },
  ],
  [
    'subqueries, CTEs with names of their own, and stars',
    `WITH m AS (SELECT p_dedup AS who, count(*) AS n FROM rule_matches WHERE ${since} GROUP BY p_dedup) SELECT s.*, upper(s.who) AS shout FROM (SELECT who, n + 1 AS more FROM m) AS s JOIN m ON m.n = s.more`,
    { who: 'rule_matches.p_dedup', more: 'count_star()', shout: 'rule_matches.p_dedup' },
  ],
  [
    'both sides of a UNION',
    `SELECT p_dedup AS key FROM rule_matches WHERE ${since} UNION SELECT eventType FROM okta_systemlog WHERE ${since}`,
    { key: 'rule_matches.p_dedup okta_systemlog.eventType' },
  ],
  [
    'the clock, constants and subqueries in expressions',
    `SELECT date_diff('hour', p_event_time, p_current_timestamp()) AS age, 1 AS one, (SELECT max(title) AS t FROM alerts) AS t FROM rule_matches WHERE ${since}`,
    { age: 'rule_matches.p_event_time clock', one: '', t: 'alerts.title max()' },
  ],
])('a result column leads back to what it is read from: %s', async (_, sql, expected) => {
  expect(await columnsOf(sql)).toEqual(expected);
});

test('everything that is read is told, in whatever clause', async () => {
  const { reads } = await lineageOf(foundingQuery);
  expect(reads.map(shown)).toEqual([
    'rule_matches.p_alert_context/member',
    'rule_matches.p_event_time',
    'rule_matches.p_rule_id',
  ]);
  expect(reads.every(({ detections }) => detections.join() === addedToBypassGroup)).toBe(true);
});

test('each table in FROM has its window, its detections, and whether rows come from it', async () => {
  const sql = `SELECT a.p_dedup AS key, count(*) AS n, count(DISTINCT a.p_row_id) AS d FROM rule_matches a
    LEFT JOIN okta_systemlog b ON b.p_row_id = a.p_row_id AND p_occurs_since('2 days', b.p_event_time)
    WHERE p_occurs_since('1 hour', a.p_event_time) AND a.p_rule_id = 'x/y'
      AND NOT EXISTS (SELECT 1 AS one FROM alerts WHERE rule_id = 'z')
    GROUP BY a.p_dedup`;
  const { uses } = await lineageOf(sql);
  const counts = [{ name: 'count_star', offset: sql.indexOf('count(*)') }];
  expect(uses).toEqual([
    {
      table: 'rule_matches',
      offset: sql.indexOf('rule_matches'),
      detections: ['x/y'],
      givesRows: true,
      seesShadow: false,
      window: { windowMs: 3_600_000, offset: sql.indexOf("p_occurs_since('1 hour'") },
      counts,
    },
    {
      table: 'okta_systemlog',
      offset: sql.indexOf('okta_systemlog'),
      detections: [],
      givesRows: false,
      seesShadow: false,
      window: { windowMs: 172_800_000, offset: sql.indexOf("p_occurs_since('2 days'") },
      counts,
    },
    {
      table: 'alerts',
      offset: sql.indexOf('alerts'),
      detections: ['z'],
      givesRows: false,
      seesShadow: false,
      window: undefined,
      counts: [],
    },
  ]);
});

test('a query sees the shadow of the tables whose stage it names, and of no other', async () => {
  const seen = async (sql: string) =>
    (await lineageOf(sql)).uses.filter(({ seesShadow }) => seesShadow).map(({ table }) => table);
  const matches = `SELECT p_row_id AS id FROM rule_matches WHERE ${since}`;
  expect(await seen(`${matches} AND p_dedup NOT IN (SELECT dedup FROM alerts)`)).toEqual([]);
  expect(await seen(`${matches} AND p_dedup NOT IN (SELECT dedup FROM alerts WHERE stage = 'live')`)).toEqual([
    'alerts',
  ]);
  expect(await seen(`SELECT m.p_stage AS s FROM (SELECT * FROM rule_matches WHERE ${since}) AS m`)).toEqual([
    'rule_matches',
  ]);
});

test('rows come from both sides of UNION, the left of EXCEPT, and what a CTE reads', async () => {
  const from = (table: string) => `SELECT p_row_id AS id FROM ${table} WHERE ${since}`;
  const rowTables = async (sql: string) =>
    (await lineageOf(sql)).uses.filter(({ givesRows }) => givesRows).map(({ table }) => table);
  expect(await rowTables(`${from('rule_matches')} UNION ${from('okta_systemlog')}`)).toEqual([
    'rule_matches',
    'okta_systemlog',
  ]);
  expect(await rowTables(`${from('rule_matches')} EXCEPT ${from('okta_systemlog')}`)).toEqual(['rule_matches']);
  expect(await rowTables(`WITH m AS (${from('rule_matches')}) SELECT id FROM m`)).toEqual(['rule_matches']);
});

test('a query with errors has no lineage', async () => {
  const { lineage } = await checkQuery('SELECT nothing FROM rule_matches', sampleCatalog);
  expect(lineage).toEqual({ columns: [], uses: [], reads: [] });
});
