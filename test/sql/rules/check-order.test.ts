import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../../framework/sql/index.ts';
import { sampleCatalog } from '../sample-catalog.ts';

async function problemsOf(sql: string): Promise<readonly string[]> {
  const { problems } = await checkQuery(sql, sampleCatalog);
  return problems.map(({ code, severity, message, hint }) => `${severity} ${code}: ${message} ${hint ?? ''}`.trim());
}

const fromMatches = "FROM rule_matches WHERE p_occurs_since('1 day')";

describe('LIMIT', () => {
  test.each([
    [
      'an unsaid NULL order',
      `SELECT p_alert_id, p_match_id ${fromMatches} ORDER BY p_alert_id, p_match_id LIMIT 5`,
      [
        'error SQL_NULL_ORDER_MISSING: With a LIMIT, ORDER BY decides which rows there are, and engines put NULLs at different ends. Write NULLS LAST (or NULLS FIRST) after it.',
      ],
    ],
    [
      'ties',
      `SELECT p_match_id ${fromMatches} ORDER BY p_event_time LIMIT 5`,
      [
        'finding SQL_LIMIT_UNDECIDED: ORDER BY does not decide which rows LIMIT keeps: rows that tie may change from run to run. Order by the group columns, or by a column that is unique, as well.',
      ],
    ],
    [
      'no order',
      `SELECT p_dedup ${fromMatches} LIMIT 5`,
      [
        'finding SQL_LIMIT_UNDECIDED: ORDER BY does not decide which rows LIMIT keeps: rows that tie may change from run to run. Order by the group columns, or by a column that is unique, as well.',
      ],
    ],
    ['the unique column', `SELECT p_dedup ${fromMatches} ORDER BY p_event_time, p_match_id LIMIT 5`, []],
    [
      'every group column',
      `SELECT p_stage, count(*) AS n ${fromMatches} GROUP BY p_stage ORDER BY n DESC, p_stage LIMIT 5`,
      [],
    ],
    ['every result column', `SELECT DISTINCT p_stage AS s ${fromMatches} ORDER BY s LIMIT 5`, []],
    [
      'a UNION by its columns',
      `SELECT p_stage AS s ${fromMatches} UNION SELECT stage FROM alerts ORDER BY s LIMIT 5`,
      [],
    ],
  ])('with %s', async (_, sql, expected) => {
    expect(await problemsOf(sql)).toEqual(expected);
  });
});

describe('the order inside of aggregates and windows', () => {
  test.each([
    [
      'an unsaid NULL order',
      `SELECT string_agg(p_stage, ',' ORDER BY p_alert_id) AS s ${fromMatches}`,
      [
        'error SQL_NULL_ORDER_MISSING: The result of string_agg() depends on where NULLs go, and engines put them at different ends. Write NULLS LAST (or NULLS FIRST) after it.',
      ],
    ],
    ['a column that is never NULL', `SELECT string_agg(p_stage, ',' ORDER BY p_match_id) AS s ${fromMatches}`, []],
    [
      'an unsaid NULL order of a window',
      `SELECT rank() OVER (ORDER BY p_alert_id) AS r ${fromMatches}`,
      [
        'error SQL_NULL_ORDER_MISSING: The result of rank() depends on where NULLs go, and engines put them at different ends. Write NULLS LAST (or NULLS FIRST) after it.',
      ],
    ],
    [
      'ties',
      `SELECT p_dedup, row_number() OVER (PARTITION BY p_dedup ORDER BY p_event_time) AS n ${fromMatches}`,
      [
        'finding SQL_WINDOW_UNDECIDED: ORDER BY does not decide the order for row_number(): rows that tie may change from run to run. Order by a column that is unique as well.',
      ],
    ],
    [
      'ties that change nothing',
      `SELECT p_dedup, rank() OVER (PARTITION BY p_dedup ORDER BY p_event_time) AS n ${fromMatches}`,
      [],
    ],
    [
      'a unique column',
      `SELECT p_dedup, row_number() OVER (PARTITION BY p_dedup ORDER BY p_event_time, p_match_id) AS n ${fromMatches}`,
      [],
    ],
    [
      'every group column',
      `SELECT p_stage, lag(count(*)) OVER (ORDER BY p_stage) AS n ${fromMatches} GROUP BY p_stage`,
      [],
    ],
  ])('with %s', async (_, sql, expected) => {
    expect(await problemsOf(sql)).toEqual(expected);
  });
});
