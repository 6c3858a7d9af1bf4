import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadBoundsByTable } from '../../../framework/model/read-bounds.ts';
import type { Row } from '../../../framework/model/table.ts';
import { foldClock, openSqlEngines, type SqlEngines } from '../../../framework/sql/index.ts';
import { nowMs, randomRows, randomTables } from '../engines/random-rows.ts';
import { sampleCatalog } from '../sample-catalog.ts';

const dayMs = 86_400_000;
const at = (text: string): number => Date.parse(`${text}Z`);

describe('what a query can see of rule_matches', () => {
  const matches = "SELECT p_match_id FROM rule_matches WHERE p_rule_id = 'a'";
  test.each([
    ['nothing is said', 'SELECT count(*) AS n FROM rule_matches', {}],
    ['the detection is one', matches, { keys: ['a'] }],
    ['the detections are some', "SELECT 1 AS n FROM rule_matches WHERE p_rule_id IN ('a', 'b')", { keys: ['a', 'b'] }],
    ['either is asked for', `${matches} OR p_rule_id = 'b'`, { keys: ['a', 'b'] }],
    ['something else is enough, too', `${matches} OR p_dedup = 'b'`, {}],
    ['both terms name detections', `${matches} AND p_rule_id IN ('a', 'b')`, { keys: ['a'] }],
    ['nothing can be both', `${matches} AND p_rule_id = 'b'`, { keys: [] }],
    ['it is any but one', "SELECT 1 AS n FROM rule_matches WHERE NOT p_rule_id = 'a'", {}],
    ['it is computed', "SELECT 1 AS n FROM rule_matches WHERE lower(p_rule_id) = 'a'", {}],
    [
      'its window is given',
      "SELECT 1 AS n FROM rule_matches WHERE p_occurs_since('30 days')",
      { fromMs: nowMs - 30 * dayMs, untilMs: nowMs },
    ],
    [
      'its window is reckoned',
      "SELECT 1 AS n FROM rule_matches WHERE p_event_time > p_current_timestamp() - INTERVAL '36 hours'",
      { fromMs: nowMs - 1.5 * dayMs },
    ],
    [
      'the time is on the right',
      "SELECT 1 AS n FROM rule_matches WHERE '2024-05-01' <= p_event_time AND TIMESTAMP '2024-05-02 12:00:00' >= p_event_time",
      { fromMs: at('2024-05-01T00:00'), untilMs: at('2024-05-02T12:00') + 1 },
    ],
    [
      'it lies between two times',
      "SELECT 1 AS n FROM rule_matches WHERE p_event_time BETWEEN TIMESTAMP '2024-05-01' AND TIMESTAMP '2024-05-02'",
      { fromMs: at('2024-05-01T00:00'), untilMs: at('2024-05-02T00:00') + 1 },
    ],
    ['another time is asked for', "SELECT 1 AS n FROM rule_matches WHERE p_match_time > TIMESTAMP '2024-05-01'", {}],
    ['the time is compared with a column', 'SELECT 1 AS n FROM rule_matches WHERE p_event_time > p_match_time', {}],
    [
      'it is used twice',
      `${matches} UNION ALL SELECT p_match_id FROM rule_matches WHERE p_rule_id = 'b'`,
      { keys: ['a', 'b'] },
    ],
    ['one use is whole', `${matches} UNION ALL SELECT p_match_id FROM rule_matches`, {}],
    ['one use has a window', `${matches} UNION ALL SELECT p_match_id FROM rule_matches WHERE p_occurs_since('1d')`, {}],
    ['a subquery is narrowed from within', `SELECT count(*) AS n FROM (${matches}) m`, { keys: ['a'] }],
    [
      'a subquery is narrowed from outside, after its window function',
      "SELECT n FROM (SELECT p_rule_id, row_number() OVER (ORDER BY p_match_id) AS n FROM rule_matches) m WHERE p_rule_id = 'a'",
      {},
    ],
    [
      'the right side of a LEFT JOIN is narrowed by its ON',
      "SELECT a.p_dedup FROM alerts LEFT JOIN rule_matches a ON a.p_alert_id = alert_id AND a.p_rule_id = 'a'",
      { keys: ['a'] },
    ],
    [
      'the left side of a LEFT JOIN is not narrowed by its ON',
      "SELECT a.p_dedup FROM rule_matches a LEFT JOIN alerts ON a.p_alert_id = alert_id AND a.p_rule_id = 'a'",
      {},
    ],
  ])('when %s', async (_, sql, expected) => {
    const { bounds } = await foldClock(sql, sampleCatalog.tables, nowMs);
    const { fromMs, untilMs, keys } = bounds.get('rule_matches') ?? {};
    expect(JSON.parse(JSON.stringify({ fromMs, untilMs, keys }))).toEqual(expected);
  });
});

describe('bounds', () => {
  const tables = randomTables.map((table) => ({ ...table, sortBy: ['person'] }));
  const time = fc.constantFrom(
    ...["TIMESTAMP '2024-06-30 12:00:00'", 'p_current_timestamp()', "'2024-05-31 12:00:00.001'"],
    ...["p_current_timestamp() - INTERVAL '30 days'", "TIMESTAMP '2024-06-29 12:00:00' + INTERVAL '1 hour'"],
  );
  const sign = fc.constantFrom('=', '<', '<=', '>', '>=', '<>');
  const person = fc.constantFrom("'alice'", "'bob'", "''", 'NULL', "'a_b'");
  const leaf = fc.oneof(
    fc.tuple(sign, time).map(([how, when]) => `T ${how} ${when}`),
    fc.tuple(sign, time).map(([how, when]) => `${when} ${how} T`),
    fc.tuple(time, time).map(([from, until]) => `T BETWEEN ${from} AND ${until}`),
    fc.tuple(sign, person).map(([how, who]) => `P ${how} ${who}`),
    fc.tuple(person, person).map(([one, other]) => `P IN (${one}, ${other})`),
    fc.constantFrom('P IS NULL', "P LIKE 'a%'", 'T IS NULL'),
  );
  const { condition } = fc.letrec((tie) => ({
    condition: fc.oneof(
      { weight: 3, arbitrary: leaf },
      fc
        .tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition'))
        .map(([a, how, b]) => `(${a} ${how} ${b})`),
      tie('condition').map((a) => `NOT ${a}`),
    ),
  })) as { condition: fc.Arbitrary<string> };
  const of = (name: string) =>
    condition.map((text) =>
      text
        .replaceAll(/\bT\b/g, name === 'p' ? 'p.since' : `${name}.p_event_time`)
        .replaceAll(/\bP\b/g, `${name}.person`),
    );
  const query = fc.oneof(
    of('l').map((one) => `SELECT l.id, l.person FROM logins l WHERE ${one}`),
    fc
      .tuple(fc.constantFrom('JOIN', 'LEFT JOIN', 'FULL JOIN'), of('p'), of('l'), fc.oneof(of('l'), of('p')))
      .map(
        ([join, on, also, where]) =>
          `SELECT l.id, p.rank, p.person FROM logins l ${join} people p ON l.person = p.person AND ${on} AND ${also} WHERE ${where}`,
      ),
    fc
      .tuple(of('a'), of('b'))
      .map(
        ([a, b]) =>
          `SELECT a.id, b.id AS other FROM logins a LEFT JOIN logins b ON a.person = b.person AND ${b} WHERE ${a}`,
      ),
    fc
      .tuple(of('l'), of('s'))
      .map(
        ([inner, outer]) =>
          `SELECT s.id, s.n FROM (SELECT l.id, l.person, l.p_event_time, count(*) OVER (PARTITION BY l.kind) AS n FROM logins l WHERE ${inner}) s WHERE ${outer}`,
      ),
    fc
      .tuple(of('l'), of('p'))
      .map(
        ([one, other]) =>
          `WITH c AS (SELECT l.id, l.person FROM logins l WHERE ${one}) SELECT x.id, y.id AS other FROM c x JOIN c y ON x.person = y.person WHERE EXISTS (SELECT 1 AS e FROM people p WHERE p.person = x.person AND ${other})`,
      ),
    fc
      .tuple(of('l'), of('m'))
      .map(([one, other]) => `SELECT l.id FROM logins l WHERE ${one} EXCEPT SELECT m.id FROM logins m WHERE ${other}`),
  );

  let engines: SqlEngines;
  beforeAll(async () => {
    engines = await openSqlEngines();
  });
  afterAll(() => engines.close());

  test('leave out nothing that a query would see', { timeout: 300_000 }, async () => {
    let narrowed = 0;
    await fc.assert(
      fc.asyncProperty(query, randomRows, async (sql, rows) => {
        const { bounds } = await foldClock(sql, tables, nowMs);
        const seen = new Map(
          tables.map((table) => [table.name, rowsWithin(table, rows.get(table.name) ?? [], bounds)]),
        );
        const run = async (of: typeof rows) => {
          const { rows: found } = await engines.run({ sql, tables, rows: of, nowMs, engines: 'duckdb' });
          return found.map((row) => JSON.stringify(row)).sort();
        };
        expect(await run(seen), sql).toEqual(await run(rows));
        if ([...seen].some(([name, left]) => left.length < (rows.get(name)?.length ?? 0))) narrowed++;
      }),
      { numRuns: 500 },
    );
    expect(narrowed).toBeGreaterThan(100);
  });
});

function rowsWithin(
  table: (typeof randomTables)[number],
  rows: readonly Row[],
  bounds: ReadBoundsByTable,
): readonly Row[] {
  const { fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, keys } = bounds.get(table.name) ?? {};
  const isBounded = fromMs > Number.NEGATIVE_INFINITY || untilMs < Number.POSITIVE_INFINITY;
  return rows.filter((row) => {
    const timeMs = Date.parse(String(row[table.time]));
    if (isBounded && !(timeMs >= fromMs && timeMs < untilMs)) return false;
    return keys === undefined || keys.includes(row.person as string);
  });
}
