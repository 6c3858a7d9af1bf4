import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../../framework/sql/index.ts';
import { sampleCatalog } from '../sample-catalog.ts';

/** Problems as `CODE at <the text there>: hint`; findings left out. */
async function problemsOf(sql: string): Promise<readonly string[]> {
  const { problems } = await checkQuery(sql, sampleCatalog);
  return problems
    .filter((problem) => problem.severity === 'error')
    .map(({ code, offset, hint }) => `${code} at ${/^[\w.']*/.exec(sql.slice(offset ?? 0))?.[0]}: ${hint}`);
}

const allColumns =
  'Known: p_rule_id, p_rule_title, p_rule_level, p_rule_tags, p_rule_version, p_stage, p_alert_id, p_dedup, … (28 in all).';

describe('names', () => {
  test.each([
    [
      'a misspelt table',
      'SELECT nosuch FROM rule_matchs',
      ["SQL_TABLE_UNKNOWN at rule_matchs: Did you mean 'rule_matches'?"],
    ],
    [
      'several columns at once',
      'SELECT p_dedop, zzz FROM rule_matches WHERE p_evnt_time IS NULL GROUP BY p_stag HAVING max(p_xxxxx) > 1 ORDER BY yyy',
      [
        "SQL_COLUMN_UNKNOWN at p_dedop: Did you mean 'p_dedup'?",
        `SQL_COLUMN_UNKNOWN at zzz: ${allColumns}`,
        "SQL_COLUMN_UNKNOWN at p_evnt_time: Did you mean 'p_event_time'?",
        "SQL_COLUMN_UNKNOWN at p_stag: Did you mean 'p_stage'?",
        `SQL_COLUMN_UNKNOWN at p_xxxxx: ${allColumns}`,
        `SQL_COLUMN_UNKNOWN at yyy: ${allColumns}`,
      ],
    ],
    [
      'a qualifier that is no table',
      'SELECT m.p_dedup FROM rule_matches r',
      ["SQL_TABLE_UNKNOWN at m.p_dedup: Did you mean 'r'?"],
    ],
    [
      'a column of another table',
      'SELECT a.p_dedup FROM alerts a',
      ["SQL_COLUMN_UNKNOWN at a.p_dedup: Did you mean 'dedup'?"],
    ],
    ['a star of no table', 'SELECT x.* FROM alerts a', ['SQL_TABLE_UNKNOWN at x.: undefined']],
    [
      'a common field without udm',
      'SELECT actor_user FROM okta_systemlog',
      ['SQL_COLUMN_UNKNOWN at actor_user: Write udm.actor_user.'],
    ],
    [
      'a misspelt common field',
      'SELECT udm.actor_usr FROM okta_systemlog',
      ["SQL_COLUMN_UNKNOWN at udm.actor_usr: Did you mean 'actor_user'?"],
    ],
    [
      'dots into JSON',
      'SELECT actor.alternateId AS a, o.target.x.y AS b FROM okta_systemlog o',
      [
        "SQL_COLUMN_UNKNOWN at actor.alternateId: actor is JSON: write actor->>'$.alternateId'.",
        "SQL_COLUMN_UNKNOWN at o.target.x.y: target is JSON: write target->>'$.x.y'.",
      ],
    ],
    [
      'a context column as a column',
      'SELECT member FROM rule_matches',
      ["SQL_COLUMN_UNKNOWN at member: Write p_alert_context->>'member'."],
    ],
    [
      'a column of two tables',
      'SELECT p_row_id FROM rule_matches r JOIN okta_systemlog o ON r.p_row_id = o.p_row_id',
      ['SQL_COLUMN_AMBIGUOUS at p_row_id: Write r.p_row_id or o.p_row_id.'],
    ],
    [
      'a table twice',
      'SELECT 1 AS a FROM alerts JOIN alerts ON true',
      ['SQL_TABLE_AMBIGUOUS at JOIN: Write alerts AS a … JOIN alerts AS b.'],
    ],
    [
      'an alias in WHERE and beside it',
      "SELECT lower(p_dedup) AS d, d || 'x' AS e FROM rule_matches WHERE d = 'a'",
      [
        'SQL_COLUMN_UNKNOWN at d: Write the expression again, or compute it in a subquery.',
        'SQL_COLUMN_UNKNOWN at d: Write the expression again, or compute it in a subquery.',
      ],
    ],
    [
      'an alias that is a column as well',
      'SELECT lower(p_dedup) AS p_stage, count(*) AS n FROM rule_matches GROUP BY p_stage',
      ['SQL_ALIAS_AMBIGUOUS at p_stage: Give the alias another name.'],
    ],
    [
      'columns of a subquery',
      'SELECT zzz, s.p_dedup FROM (SELECT p_dedup AS d, p_stage FROM rule_matches) s',
      ['SQL_COLUMN_UNKNOWN at zzz: Known: d, p_stage.', 'SQL_COLUMN_UNKNOWN at s.p_dedup: Known: d, p_stage.'],
    ],
    [
      'columns of a CTE',
      'WITH a AS (SELECT p_dedup AS d FROM rule_matches), b AS (SELECT dd FROM a) SELECT d FROM b, c',
      ["SQL_COLUMN_UNKNOWN at dd: Did you mean 'd'?", "SQL_TABLE_UNKNOWN at c: Did you mean 'a'?"],
    ],
    [
      'ORDER BY after UNION',
      'SELECT p_dedup AS d FROM rule_matches UNION ALL SELECT title FROM alerts ORDER BY p_dedup',
      ['SQL_COLUMN_UNKNOWN at p_dedup: Write d.'],
    ],
    [
      'USING without the column',
      'SELECT r.p_dedup FROM rule_matches r JOIN alerts a USING (p_alert_id)',
      ['SQL_COLUMN_UNKNOWN at JOIN: Write ON a.x = b.y.'],
    ],
    [
      'a name in a subquery of an expression',
      'SELECT title FROM alerts WHERE alert_id IN (SELECT p_alert_i FROM rule_matches)',
      ["SQL_COLUMN_UNKNOWN at p_alert_i: Did you mean 'p_alert_id'?"],
    ],
  ])('%s is reported with what was meant', async (_, sql, expected) => {
    expect(await problemsOf(sql)).toEqual(expected);
  });

  test.each([
    ['case does not matter', 'SELECT P_Dedup, R.p_STAGE FROM Rule_Matches r'],
    [
      'structs are read by field',
      "SELECT o.udm.actor_user, udm.source_ip FROM okta_systemlog o WHERE udm.event_type = 'x'",
    ],
    [
      'aliases are known to GROUP BY, HAVING and ORDER BY',
      'SELECT lower(p_dedup) AS d, count(*) AS n FROM rule_matches GROUP BY d HAVING n > 1 ORDER BY lower(d), n',
    ],
    [
      'WHERE means the column where an alias has its name',
      "SELECT lower(p_dedup) AS p_dedup FROM rule_matches WHERE p_dedup = 'X' ORDER BY p_dedup",
    ],
    [
      'an alias of the column itself is the column',
      'SELECT r.p_dedup AS p_dedup, count(*) AS n FROM rule_matches r GROUP BY p_dedup HAVING p_dedup IS NOT NULL',
    ],
    [
      'CTEs see those before them',
      'WITH a AS (SELECT p_dedup AS d FROM rule_matches), b AS (SELECT d AS e FROM a) SELECT e FROM b',
    ],
    ['a CTE hides a table', 'WITH alerts AS (SELECT p_dedup AS d FROM rule_matches) SELECT d FROM alerts'],
    [
      'subqueries in expressions see the query around them',
      'SELECT title FROM alerts a WHERE EXISTS (SELECT 1 AS x FROM rule_matches r WHERE r.p_alert_id = a.alert_id AND status IS NOT NULL)',
    ],
    [
      'USING merges its column',
      'SELECT p_row_id, r.p_dedup, o.severity FROM rule_matches r JOIN okta_systemlog o USING (p_row_id)',
    ],
    [
      'lists are read by index',
      "SELECT list_at(p_any_emails, 0) AS first, len(p_rule_tags) AS n FROM rule_matches WHERE list_contains(p_rule_tags, 'x')",
    ],
    [
      'JSON is read by key and by path',
      "SELECT p_event->>'eventType' AS t, p_event->'actor'->>'id' AS i, (p_event->>'$.target[0].\"display name\"') AS d FROM rule_matches",
    ],
  ])('%s', async (_, sql) => {
    expect(await problemsOf(sql)).toEqual([]);
  });
});
