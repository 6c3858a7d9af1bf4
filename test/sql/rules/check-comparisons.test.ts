import { expect, test } from 'vitest';
import { checkQuery } from '../../../framework/sql/index.ts';
import { sampleCatalog } from '../sample-catalog.ts';

async function problemsOf(sql: string): Promise<readonly string[]> {
  const { problems } = await checkQuery(sql, sampleCatalog);
  return problems.map(({ code, severity, message, hint }) => `${severity} ${code}: ${message} ${hint ?? ''}`.trim());
}

test.each([
  ['published = 5', "A TIMESTAMP is compared with INTEGER. Write TIMESTAMP '2024-01-31 00:00:00', or another time."],
  [
    'TRUE IN (published)',
    "A TIMESTAMP is compared with BOOLEAN. Write TIMESTAMP '2024-01-31 00:00:00', or another time.",
  ],
  ["risk IN (1, 'high')", "BIGINT is compared with 'high', which is no number. Write the number without quotes."],
  ["(risk > 1) = 'maybe'", "A condition is compared with 'maybe'. Write TRUE or FALSE."],
  [
    'eventType = 5',
    'A text is compared with a number: DuckDB fails at the first text that is none. Put the number in quotes, or write TRY_CAST(x AS BIGINT) to compare by size.',
  ],
  ["risk = CAST('abc' AS BIGINT)", "'abc' is no BIGINT. Write a value of that type."],
  ["eventType LIKE 'a' ESCAPE '!!'", "ESCAPE needs one character. Write it as in LIKE '10!%' ESCAPE '!'."],
  [
    "eventType NOT ILIKE 'a!!!' ESCAPE '!'",
    "The pattern ends with its escape character '!'. Write !! for the character itself.",
  ],
  [
    "regexp_matches(eventType, '(')",
    'DuckDB refuses it: missing ): ( Regular expressions are those of RE2: no look-around, no back-references; write \\( for a parenthesis itself.',
  ],
  [
    "regexp_matches(eventType, '(?=x)')",
    'DuckDB refuses it: invalid perl operator: (?= Regular expressions are those of RE2: no look-around, no back-references; write \\( for a parenthesis itself.',
  ],
])('that would fail when the query runs are refused before: %s', async (condition, expected) => {
  const sql = `SELECT p_row_id FROM okta_systemlog WHERE p_occurs_since('1 day') AND ${condition}`;
  expect(await problemsOf(sql)).toEqual([`error SQL_TYPE_WRONG: ${expected}`]);
});

test.each([
  "risk = '12'",
  "eventType = '5'",
  'TRY_CAST(eventType AS BIGINT) > 5',
  "TRY_CAST('abc' AS BIGINT) IS NULL",
  "CAST('1e3' AS DOUBLE) > risk",
  "eventType LIKE 'a!!' ESCAPE '!'",
  "published BETWEEN TIMESTAMP '2024-01-01' AND p_event_time",
  "regexp_matches(eventType, '\\(')",
])('that can run are left alone: %s', async (condition) => {
  const sql = `SELECT p_row_id FROM okta_systemlog WHERE p_occurs_since('1 day') AND ${condition}`;
  expect(await problemsOf(sql)).toEqual([]);
});
