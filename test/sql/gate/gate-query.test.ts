import { describe, expect, test } from 'vitest';
import { checkQuery, foldClock } from '../../../framework/sql/index.ts';
import { sampleCatalog } from '../sample-catalog.ts';

/** Queries that are refused, by what is wrong with them. The golden file says what the author is told. */
const refused = {
  'not one SELECT': [
    '',
    '-- nothing\n;',
    'SELECT 1 AS a; SELECT 2 AS b',
    'SELECT 1 AS a; DROP TABLE rule_matches',
    'DROP TABLE rule_matches',
    'INSERT INTO rule_matches SELECT * FROM rule_matches',
    'CREATE TABLE t AS SELECT 1 AS a',
    "COPY rule_matches TO '/tmp/x.csv'",
    "ATTACH '/tmp/x.duckdb'",
    'SET VARIABLE x = 1',
    'SET schema = main',
    "PRAGMA enable_profiling = 'json'",
    'CALL duckdb_settings()',
    'CHECKPOINT',
    'EXPLAIN SELECT 1 AS a',
    'PIVOT rule_matches ON p_stage USING count(*)',
  ],
  'not SQL': [
    'SELECT FROM',
    "SELECT 'ärger' AS x, FROM = rule_matches",
    'SELEC 1',
    "SELECT 'open AS x",
    'SELECT 1 AS a\0; DROP TABLE x',
  ],
  'other statements in disguise': [
    'DESCRIBE rule_matches',
    'SUMMARIZE rule_matches',
    'SHOW TABLES',
    'VALUES (1), (2)',
    'SELECT * FROM (VALUES (1)) v',
    'SELECT * FROM (DESCRIBE rule_matches)',
    'SELECT * FROM (UNPIVOT rule_matches ON p_stage, p_dedup)',
  ],
  'what is read': [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'x.parquet'",
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM duckdb_tables',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM main.rule_matches',
    'SELECT * FROM lake.main.rule_matches',
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('rule_matches')",
    "SELECT * FROM enable_logging(level = 'debug', storage = 'file', storage_config = {'path': '/tmp'})",
    'SELECT * FROM range(1000000000)',
    "SELECT * FROM glob('/etc/*')",
    'SELECT * FROM rule_matches TABLESAMPLE 5',
    'SELECT t.x AS x FROM unnest([1, 2]) AS t(x)',
    'SELECT b AS b FROM rule_matches r(b)',
  ],
  clauses: [
    'SELECT DISTINCT ON (p_dedup) p_dedup FROM rule_matches',
    'SELECT p_dedup FROM rule_matches GROUP BY ALL',
    'SELECT p_dedup FROM rule_matches GROUP BY ROLLUP (p_dedup)',
    'SELECT p_dedup FROM rule_matches ORDER BY ALL',
    'SELECT p_dedup FROM rule_matches GROUP BY 1',
    'SELECT p_dedup FROM rule_matches ORDER BY 1',
    'SELECT p_dedup FROM rule_matches LIMIT 5%',
    'SELECT p_dedup FROM rule_matches LIMIT 2 + 3',
    'SELECT p_dedup FROM rule_matches USING SAMPLE 5',
    'SELECT p_dedup FROM rule_matches QUALIFY true',
    'WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT a FROM r',
    'WITH r(a) AS (SELECT 1) SELECT a FROM r',
    'SELECT p_dedup FROM rule_matches UNION BY NAME SELECT p_dedup FROM rule_matches',
    'SELECT p_dedup FROM rule_matches EXCEPT ALL SELECT p_dedup FROM rule_matches',
    'SELECT a.p_dedup FROM rule_matches a FULL JOIN alerts b USING (p_alert_id)',
    'SELECT a.p_dedup FROM rule_matches a RIGHT JOIN alerts b ON a.p_alert_id = b.alert_id',
    'SELECT a.p_dedup FROM rule_matches a ANTI JOIN alerts b ON a.p_alert_id = b.alert_id',
    'SELECT a.p_dedup FROM rule_matches a NATURAL JOIN alerts b',
    'SELECT a.p_dedup FROM rule_matches a POSITIONAL JOIN alerts b',
    'SELECT a.p_dedup FROM rule_matches a SEMI JOIN alerts b ON a.p_alert_id = b.alert_id',
  ],
  clock: [
    'SELECT now() AS n',
    'SELECT current_timestamp AS n',
    'SELECT current_date AS n',
    'SELECT today() AS n',
    'SELECT get_current_timestamp() AS n',
    'SELECT localtimestamp AS n',
    "SELECT p_dedup FROM rule_matches WHERE p_event_time > now() - INTERVAL '1 day'",
  ],
  functions: [
    'SELECT lowr(p_dedup) AS a FROM rule_matches',
    'SELECT lower(p_dedup, 1) AS a FROM rule_matches',
    'SELECT random() AS a',
    "SELECT getenv('HOME') AS a",
    "SELECT current_setting('secret_directory') AS a",
    'SELECT sleep_ms(1000) AS a',
    "SELECT write_log('x') AS a",
    'SELECT any_value(p_dedup) AS a FROM rule_matches',
    'SELECT approx_count_distinct(p_dedup) AS a FROM rule_matches',
    "SELECT p_dedup ~ 'x' AS a FROM rule_matches",
    "SELECT json_extract_string(p_event, '$.a') AS a FROM rule_matches",
    'SELECT list_extract(p_rule_tags, 1) AS a FROM rule_matches',
    "SELECT string_agg(p_dedup, ',') AS a FROM rule_matches",
    'SELECT min(p_dedup ORDER BY p_stage) AS a FROM rule_matches',
    'SELECT lower(DISTINCT p_dedup) AS a FROM rule_matches',
    "SELECT count_if(DISTINCT p_stage = 'live') AS a FROM rule_matches",
    "SELECT date_trunc('fortnight', p_event_time) AS a FROM rule_matches",
    "SELECT date_diff('week', p_event_time, p_match_time) AS a FROM rule_matches",
    'SELECT date_trunc(p_stage, p_event_time) AS a FROM rule_matches',
    'SELECT list_at(p_rule_tags, 1 + 1) AS a FROM rule_matches',
    "SELECT p_event_time - INTERVAL '3' DAY AS a FROM rule_matches",
    'SELECT p_dedup FROM rule_matches WHERE p_occurs_since(30)',
    'SELECT other.lower(p_dedup) AS a FROM rule_matches',
  ],
  expressions: [
    'SELECT p_rule_tags[1] AS a FROM rule_matches',
    'SELECT p_dedup[1:2] AS a FROM rule_matches',
    'SELECT row_number() OVER () AS a FROM rule_matches',
    'SELECT lag(p_dedup) OVER (PARTITION BY p_stage) AS a FROM rule_matches',
    'SELECT ntile(4) OVER (ORDER BY p_dedup) AS a FROM rule_matches',
    'SELECT first_value(p_dedup) OVER (ORDER BY p_dedup) AS a FROM rule_matches',
    'SELECT count(*) OVER (ORDER BY p_match_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS a FROM rule_matches',
    'SELECT lag(p_dedup IGNORE NULLS) OVER (ORDER BY p_match_id) AS a FROM rule_matches',
    'SELECT lag(p_dedup, 1 + 1) OVER (ORDER BY p_match_id) AS a FROM rule_matches',
    'SELECT count(DISTINCT p_dedup) OVER (PARTITION BY p_stage) AS a FROM rule_matches',
    'SELECT rank(p_dedup, p_stage) OVER (ORDER BY p_match_id) AS a FROM rule_matches',
    'SELECT $1 AS a',
    'SELECT #1 AS a FROM rule_matches',
    "SELECT COLUMNS('p_.*') FROM rule_matches",
    'SELECT * EXCLUDE (p_event) FROM rule_matches',
    'SELECT (udm).actor_user AS a FROM okta_systemlog',
    'SELECT p_dedup COLLATE nocase AS a FROM rule_matches',
    'SELECT list_transform(p_rule_tags, x -> lower(x)) AS a FROM rule_matches',
    'SELECT 9007199254740993 AS a',
    'SELECT 99999999999999999999 AS a',
    'SELECT CAST(p_event_time AS DATE) AS a FROM rule_matches',
    'SELECT CAST(p_event_time AS TIMESTAMPTZ) AS a FROM rule_matches',
    'SELECT p_event::JSON AS a FROM rule_matches',
    'SELECT {a: 1} AS a',
    'SELECT p_dedup > ALL (SELECT p_dedup FROM rule_matches) AS a FROM rule_matches',
    "SELECT p_event->>'' AS a FROM rule_matches",
    "SELECT p_event->>'/actor/id' AS a FROM rule_matches",
    "SELECT p_event->>'$.actor[*]' AS a FROM rule_matches",
    'SELECT p_event->>0 AS a FROM rule_matches',
    "SELECT p_dedup FROM rule_matches WHERE p_stage = 'live' AND p_event->>'a' = 'b'",
    "SELECT p_dedup FROM rule_matches WHERE date_trunc('day', p_event_time) = TIMESTAMP '2024-01-01'",
  ],
} as const;

const every = Object.values(refused).flat();

describe('the gate', () => {
  test('refuses what is outside of the subset, and says what to write instead', async () => {
    const lines: string[] = [];
    for (const [what, queries] of Object.entries(refused)) {
      lines.push(`# ${what}`, '');
      for (const sql of queries) {
        const { problems } = await checkQuery(sql, sampleCatalog);
        const errors = problems.filter((problem) => problem.severity === 'error');
        expect(errors, sql).not.toEqual([]);
        lines.push(sql.replaceAll('\0', '\\0'));
        for (const { code, offset, message, hint } of errors) {
          lines.push(`  ${code} at ${offset}: ${message}${hint === undefined ? '' : `\n    ${hint}`}`);
        }
        lines.push('');
      }
    }
    await expect(lines.join('\n')).toMatchFileSnapshot('../golden/refused.txt');
  });

  test.each(every)('keeps %j away from every engine', async (sql) => {
    await expect(foldClock(sql, [], 0)).rejects.toMatchObject({ code: expect.stringMatching(/^SQL_/) });
  });

  test.each([
    ['SQL_SYNTAX', 'SELEC 1'],
    ['SQL_NOT_ONE_SELECT', 'SELECT 1 AS a; SELECT 2 AS b'],
    ['SQL_TABLE_REFUSED', "SELECT * FROM enable_logging(level = 'debug')"],
    ['SQL_CLAUSE_REFUSED', 'SELECT p_dedup FROM rule_matches GROUP BY ALL'],
    ['SQL_ARROW_PRECEDENCE', "SELECT p_dedup FROM rule_matches WHERE p_stage = 'live' AND p_event->>'a' = 'b'"],
  ])('says %s of %s', async (code, sql) => {
    await expect(foldClock(sql, [], 0)).rejects.toMatchObject({ code, problems: [{ code, severity: 'error' }] });
  });

  test('reports everything that is wrong at once, in the order of the text', async () => {
    const sql =
      'SELECT now() AS a, nosuch AS b, p_rule_tags[1] AS c, lowr(p_stage) AS d FROM rule_matches WHERE p_occurs_since(30) GROUP BY 1';
    const { problems } = await checkQuery(sql, sampleCatalog);
    expect(problems.map((problem) => [problem.code, problem.offset])).toEqual([
      ['SQL_CLOCK_REFUSED', sql.indexOf('now')],
      ['SQL_COLUMN_UNKNOWN', sql.indexOf('nosuch')],
      ['SQL_EXPRESSION_REFUSED', sql.indexOf('p_rule_tags')],
      ['SQL_FUNCTION_UNKNOWN', sql.indexOf('lowr')],
      ['SQL_FUNCTION_REFUSED', sql.indexOf('30')],
      ['SQL_POSITION_REFUSED', sql.lastIndexOf('1')],
    ]);
  });

  test('refuses expressions that engines take minutes to plan', async () => {
    const { problems } = await checkQuery(`SELECT 1${' + 1'.repeat(900)} AS a`, sampleCatalog);
    expect(problems).toMatchObject([
      { code: 'SQL_EXPRESSION_REFUSED', message: expect.stringContaining('nested more than 100') },
    ]);
    const long = Array.from({ length: 2000 }, (_, index) => `p_stage = '${index}'`).join(' OR ');
    const flat = await checkQuery(
      `SELECT p_dedup FROM rule_matches WHERE p_occurs_since('1 day') AND (${long})`,
      sampleCatalog,
    );
    expect(flat.problems).toEqual([]);
  });

  test('counts offsets in characters, not in bytes', async () => {
    const sql = "SELECT '\u{1f600} ärger' AS a, nosuch AS b FROM rule_matches WHERE p_occurs_since('1 day')";
    const { problems } = await checkQuery(sql, sampleCatalog);
    expect(problems.map((problem) => problem.offset)).toEqual([sql.indexOf('nosuch')]);
  });
});
