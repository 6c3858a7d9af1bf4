import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../../framework/sql/index.ts';
import { addedToBypassGroup, sampleCatalog } from '../sample-catalog.ts';

async function problemsOf(sql: string): Promise<readonly string[]> {
  const { problems } = await checkQuery(sql, sampleCatalog);
  return problems.map(({ code, severity, message, hint }) => `${severity} ${code}: ${message} ${hint ?? ''}`.trim());
}

const spray = 'okta/password-spray';
const fromMatches = "FROM rule_matches WHERE p_occurs_since('1 day')";

describe('context keys', () => {
  test.each([
    [
      'of the one detection',
      `SELECT p_alert_context->>'membr' AS a ${fromMatches} AND p_rule_id = '${addedToBypassGroup}'`,
      `No context column 'membr' is among those that '${addedToBypassGroup}' declares. Did you mean 'member'?`,
    ],
    [
      'of several detections',
      `SELECT p_alert_context->>'attempt' AS a ${fromMatches} AND p_rule_id IN ('${spray}', '${addedToBypassGroup}')`,
      `No context column 'attempt' is among those that '${spray}' and '${addedToBypassGroup}' declare. Did you mean 'attempts'?`,
    ],
    [
      'in a path',
      `SELECT p_alert_context->>'$.membr[0]' AS a ${fromMatches} AND '${addedToBypassGroup}' = p_rule_id`,
      `No context column 'membr' is among those that '${addedToBypassGroup}' declares. Did you mean 'member'?`,
    ],
    [
      'outside of the subquery that narrows',
      `SELECT c->>'membr' AS a FROM (SELECT p_alert_context AS c ${fromMatches} AND (p_rule_id = '${addedToBypassGroup}' OR p_rule_id = '${addedToBypassGroup}'))`,
      `No context column 'membr' is among those that '${addedToBypassGroup}' declares. Did you mean 'member'?`,
    ],
    [
      'narrowed by ON',
      `SELECT r.p_alert_context->'membr'->>'x' AS a FROM alerts a JOIN rule_matches r ON r.p_alert_id = a.alert_id AND r.p_rule_id = '${addedToBypassGroup}' WHERE p_occurs_since('1 day')`,
      `No context column 'membr' is among those that '${addedToBypassGroup}' declares. Did you mean 'member'?`,
    ],
  ])('that are unknown are reported, %s', async (_, sql, expected) => {
    expect(await problemsOf(sql)).toEqual([`error SQL_CONTEXT_KEY_UNKNOWN: ${expected}`]);
  });

  test.each([
    [
      'one of several detections declares it',
      `SELECT p_alert_context->>'attempts' AS a ${fromMatches} AND p_rule_id IN ('${spray}', '${addedToBypassGroup}')`,
    ],
    ['the detection is unknown', `SELECT p_alert_context->>'x' AS a ${fromMatches} AND p_rule_id = 'no/such'`],
    ['no detection is named', `SELECT p_alert_context->>'x' AS a ${fromMatches} AND p_rule_id LIKE 'okta/%'`],
    ['it is another column', `SELECT p_event->>'x' AS a ${fromMatches} AND p_rule_id = '${addedToBypassGroup}'`],
    [
      'the comparison excludes',
      `SELECT p_alert_context->>'x' AS a ${fromMatches} AND p_rule_id <> '${addedToBypassGroup}'`,
    ],
  ])('are left alone where %s', async (_, sql) => {
    expect(await problemsOf(sql)).toEqual([]);
  });
});

test('the detections that a query names are given with their places', async () => {
  const sql = `SELECT count(*) AS n ${fromMatches} AND p_rule_id NOT IN ('a/b', 'c/d') AND 'e/f' <> p_rule_id AND EXISTS (SELECT 1 AS x FROM alerts WHERE rule_id = 'a/b')`;
  const { ruleIds, ruleReferences } = await checkQuery(sql, sampleCatalog);
  expect(ruleIds).toEqual(['a/b', 'c/d', 'e/f']);
  expect(ruleReferences.map(({ ruleId, offset }) => sql.slice(offset, offset + ruleId.length + 2))).toEqual([
    "'a/b'",
    "'c/d'",
    "'e/f'",
    "'a/b'",
  ]);
});

describe('p_occurs_since', () => {
  test.each([
    [
      'a text that is no duration',
      "SELECT p_dedup FROM rule_matches WHERE p_occurs_since('a month')",
      "SQL_DURATION_INVALID: 'a month' is not a duration. Write '30 days' or '12 hours'.",
    ],
    [
      'no time at all',
      "SELECT p_dedup FROM rule_matches WHERE p_occurs_since('0 days')",
      "SQL_DURATION_INVALID: '0 days' is no time at all. Write '30 days' or '12 hours'.",
    ],
    [
      'no p_event_time',
      "SELECT title FROM alerts WHERE p_occurs_since('30 days')",
      "SQL_OCCURS_SINCE_COLUMN: No table in FROM has a p_event_time. Name the time: p_occurs_since('30 days', created_at).",
    ],
    [
      'two of them',
      "SELECT r.p_dedup FROM rule_matches r JOIN okta_systemlog o ON r.p_row_id = o.p_row_id WHERE p_occurs_since('30 days')",
      "SQL_OCCURS_SINCE_COLUMN: Several tables in FROM have a p_event_time. Write p_occurs_since('30 days', r.p_event_time) or p_occurs_since('30 days', o.p_event_time).",
    ],
    [
      'a time that is none',
      "SELECT p_dedup FROM rule_matches WHERE p_occurs_since('30 days', p_stage)",
      'SQL_OCCURS_SINCE_COLUMN: The time of p_occurs_since is a VARCHAR. Name a TIMESTAMP column.',
    ],
  ])('is refused with %s', async (_, sql, expected) => {
    expect((await problemsOf(sql)).filter((problem) => problem.startsWith('error'))).toEqual([`error ${expected}`]);
  });

  test('takes the time column of another table', async () => {
    expect(await problemsOf("SELECT title FROM alerts WHERE p_occurs_since('30 days', created_at)")).toEqual([]);
  });
});

describe('values', () => {
  test.each([
    [
      'whole numbers divided',
      `SELECT count(*) / 2 AS a ${fromMatches}`,
      'SQL_DIVISION_REFUSED: Whole numbers are divided: 7 / 2 is 3.5 here and 3 elsewhere. Write CAST(x AS DOUBLE) / y, or floor(CAST(x AS DOUBLE) / y) for whole numbers.',
    ],
    [
      'a list function over JSON',
      "SELECT list_at(target, 0) AS a FROM okta_systemlog WHERE p_occurs_since('1 day')",
      "SQL_TYPE_WRONG: list_at() needs a list, and this is JSON. In JSON, write column->>'$[0]', or '$.key[0]' for what lies deeper.",
    ],
    [
      'a list function over a text',
      `SELECT len(p_dedup) AS a ${fromMatches}`,
      'SQL_TYPE_WRONG: len() needs a list, and this is VARCHAR. Name a list column, such as p_any_ip_addresses.',
    ],
    [
      'a number as a condition',
      "SELECT eventType FROM okta_systemlog WHERE p_occurs_since('1 day') AND risk",
      'SQL_TYPE_WRONG: AND needs a condition, and this is BIGINT. Compare it: x = 1, x IS NOT NULL.',
    ],
    [
      'a sum of texts',
      `SELECT sum(p_dedup) AS a ${fromMatches}`,
      "SQL_TYPE_WRONG: DuckDB refuses it: No function matches the given name and argument types 'sum(VARCHAR)'. You might need to add explicit type casts. Cast the argument, as in CAST(x AS BIGINT).",
    ],
    [
      'a column beside an aggregate',
      `SELECT p_dedup, count(*) AS n ${fromMatches}`,
      'SQL_TYPE_WRONG: DuckDB refuses it: column "p_dedup" must appear in the GROUP BY clause or must be part of an aggregate function. Add it to GROUP BY, or take min(x) or max(x) of it.',
    ],
    [
      'a text that is no time',
      `SELECT p_dedup ${fromMatches} AND p_event_time > 'yesterday'`,
      "SQL_TYPE_WRONG: 'yesterday' is not a time. Write TIMESTAMP '2024-01-31 00:00:00' (UTC, at most milliseconds).",
    ],
    [
      'a time with a zone',
      `SELECT p_dedup ${fromMatches} AND p_event_time > TIMESTAMP '2024-01-31T00:00:00+02:00'`,
      "SQL_TYPE_WRONG: '2024-01-31T00:00:00+02:00' is not a time. Write TIMESTAMP '2024-01-31 00:00:00' (UTC, at most milliseconds).",
    ],
    [
      'a day that is none',
      `SELECT p_dedup ${fromMatches} AND p_event_time IN (p_match_time, '2024-02-30')`,
      "SQL_TYPE_WRONG: '2024-02-30' is not a time. Write TIMESTAMP '2024-01-31 00:00:00' (UTC, at most milliseconds).",
    ],
  ])('%s: refused', async (_, sql, expected) => {
    expect(await problemsOf(sql)).toEqual([`error ${expected}`]);
  });

  test('decimals and doubles divide', async () => {
    expect(await problemsOf(`SELECT CAST(count(*) AS DOUBLE) / 2 AS a, count(*) / 2.0 AS b ${fromMatches}`)).toEqual(
      [],
    );
  });

  test('a binding error stands where the text has it, whatever was folded before it', async () => {
    const sql = `SELECT p_stage FROM rule_matches WHERE p_occurs_since('1 day') AND p_event_time < p_current_timestamp() AND sum(p_dedup) > 1`;
    const { problems } = await checkQuery(sql, sampleCatalog);
    expect(problems).toMatchObject([{ code: 'SQL_TYPE_WRONG', offset: sql.indexOf('sum') }]);
  });
});

describe('findings', () => {
  test.each([
    [
      'all of time',
      'SELECT p_dedup FROM rule_matches',
      ["finding SQL_TIME_UNBOUNDED: rule_matches is read over all of time. Add p_occurs_since('30 days') to WHERE."],
    ],
    [
      'an upper bound only',
      "SELECT p_dedup FROM rule_matches WHERE p_event_time < TIMESTAMP '2024-01-01'",
      ["finding SQL_TIME_UNBOUNDED: rule_matches is read over all of time. Add p_occurs_since('30 days') to WHERE."],
    ],
    [
      'every column of an event table',
      "SELECT * FROM okta_systemlog WHERE p_occurs_since('1 day')",
      ['finding SQL_STAR_EVENTS: * reads every column of okta_systemlog. Name the columns that are needed.'],
    ],
    [
      'a cross join',
      'SELECT a.title FROM alerts a, audit b',
      [
        'finding SQL_CROSS_JOIN: Every row of one table is paired with every row of the other. Write JOIN … ON a.x = b.y.',
      ],
    ],
    [
      'a bound in the query around',
      "SELECT d FROM (SELECT p_dedup AS d, p_event_time AS t FROM rule_matches) WHERE t >= TIMESTAMP '2024-01-01'",
      [],
    ],
    [
      'a bound by BETWEEN, from the right, by equality',
      "SELECT a.p_dedup FROM rule_matches a JOIN rule_matches b ON b.p_dedup = a.p_dedup AND TIMESTAMP '2024-01-01' < b.p_event_time WHERE a.p_event_time BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-01-02'",
      [],
    ],
    ['tables tied by WHERE', 'SELECT a.title FROM alerts a, audit b WHERE a.title = b.actor', []],
  ])('%s', async (_, sql, expected) => {
    expect(await problemsOf(sql)).toEqual(expected);
  });
});

describe('findings at the edges', () => {
  const unbounded = 'SQL_TIME_UNBOUNDED';
  const day = "p_occurs_since('1 day')";
  const join = 'JOIN alerts x ON a.p_alert_id = x.alert_id';

  test.each([
    ['a subquery', `SELECT p_dedup ${fromMatches} AND p_dedup IN (SELECT p_row_id FROM okta_systemlog)`, [unbounded]],
    ['a CTE', 'WITH a AS (SELECT p_dedup FROM rule_matches) SELECT p_dedup FROM a', [unbounded]],
    ['a CTE that is bounded outside', `WITH a AS (SELECT * FROM rule_matches) SELECT p_dedup FROM a WHERE ${day}`, []],
    [
      'a CTE that one of two uses bounds',
      "WITH a AS (SELECT p_dedup, p_event_time FROM rule_matches) SELECT x.p_dedup FROM a x JOIN a y ON x.p_dedup = y.p_dedup WHERE p_occurs_since('1 day', x.p_event_time)",
      [unbounded],
    ],
    ['a branch of UNION', `SELECT p_dedup ${fromMatches} UNION ALL SELECT p_dedup FROM rule_matches`, [unbounded]],
    ['one side of OR', `SELECT p_dedup FROM rule_matches WHERE ${day} OR p_stage = 'live'`, [unbounded]],
    ['NOT', `SELECT p_dedup FROM rule_matches WHERE NOT ${day}`, [unbounded]],
    ['FILTER', `SELECT count(*) FILTER (WHERE ${day}) AS n FROM rule_matches`, [unbounded]],
    ['its own row', 'SELECT p_dedup FROM rule_matches WHERE p_event_time > p_match_time', [unbounded]],
    ['ON of a LEFT JOIN that keeps it', `SELECT a.p_dedup FROM rule_matches a LEFT ${join} AND ${day}`, [unbounded]],
    ['ON of a JOIN', `SELECT a.p_dedup FROM rule_matches a ${join} AND ${day}`, []],
    [
      '* in a CTE',
      `WITH a AS (SELECT * FROM okta_systemlog WHERE ${day}) SELECT eventType FROM a`,
      ['SQL_STAR_EVENTS'],
    ],
    [
      '* in EXISTS',
      `SELECT title FROM alerts WHERE EXISTS (SELECT * FROM okta_systemlog WHERE ${day})`,
      ['SQL_STAR_EVENTS'],
    ],
    ['ON TRUE', 'SELECT a.title FROM alerts a JOIN audit b ON TRUE', ['SQL_CROSS_JOIN']],
    ['ON about one side', "SELECT a.title FROM alerts a JOIN audit b ON a.title = 'x'", ['SQL_CROSS_JOIN']],
    [
      'a cross join in EXISTS',
      'SELECT title FROM alerts WHERE EXISTS (SELECT 1 AS x FROM alerts b, audit c)',
      ['SQL_CROSS_JOIN'],
    ],
    ['a cross join with one row', 'SELECT a.title, s.n FROM alerts a, (SELECT count(*) AS n FROM audit) s', []],
  ])('see %s', async (_, sql, expected) => {
    const { problems } = await checkQuery(sql, sampleCatalog);
    expect(problems.map(({ severity, code }) => (severity === 'finding' ? code : `error ${code}`))).toEqual(expected);
    for (const { offset } of problems) expect(offset).toBeDefined();
  });
});

test.each([
  [
    'IN, an alias and a branch of UNION',
    "WITH m AS (SELECT p_rule_id AS r FROM rule_matches) SELECT r FROM m WHERE r IN ('a/b') UNION ALL SELECT r FROM m WHERE 'c/d' = r",
  ],
  [
    'HAVING and FILTER',
    "SELECT p_rule_id AS r, count(*) FILTER (WHERE p_rule_id <> 'a/b') AS n FROM rule_matches GROUP BY r HAVING r IS DISTINCT FROM 'c/d'",
  ],
  [
    'CASE and an inner subquery',
    "SELECT CASE p_rule_id WHEN 'a/b' THEN 1 END AS n FROM rule_matches r WHERE EXISTS (SELECT 1 AS x FROM alerts WHERE r.p_rule_id = 'c/d')",
  ],
])('ids that p_rule_id is compared with are seen in %s', async (_, sql) => {
  expect((await checkQuery(sql, sampleCatalog)).ruleIds).toEqual(['a/b', 'c/d']);
});

test.each([
  [
    'the ON of a LEFT JOIN',
    `LEFT JOIN alerts a ON r.p_alert_id = a.alert_id AND r.p_rule_id = '${addedToBypassGroup}'`,
  ],
  [
    'a subquery about the query around it',
    `WHERE EXISTS (SELECT 1 AS x FROM alerts WHERE r.p_rule_id = '${addedToBypassGroup}')`,
  ],
])('%s does not narrow down the detections of a context key', async (_, clause) => {
  const sql = `SELECT r.p_alert_context->>'other' AS o FROM rule_matches r ${clause}`;
  expect((await problemsOf(sql)).filter((problem) => problem.startsWith('error'))).toEqual([]);
});

test('the windows of every SELECT are told, in milliseconds', async () => {
  const sql = `SELECT p_row_id FROM okta_systemlog WHERE p_occurs_since('2 hours') AND p_row_id IN
    (SELECT p_row_id FROM okta_systemlog WHERE p_occurs_since('1d', published))`;
  const { windowsMs } = await checkQuery(sql, sampleCatalog);
  expect([...windowsMs].sort((a, b) => a - b)).toEqual([7_200_000, 86_400_000]);
});
