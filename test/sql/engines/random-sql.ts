import fc from 'fast-check';
import type { Row, Table } from '../../../framework/model/table.ts';

/** The SQL clock of random queries; times of random rows lie around it and around 30 days before it. */
export const nowMs = Date.UTC(2024, 5, 30, 12);
const dayMs = 86_400_000;

export const randomTables: readonly Table[] = [
  {
    name: 'logins',
    description: 'Random rows.',
    key: 'id',
    replaces: false,
    time: 'p_event_time',
    columns: [
      { name: 'id', type: 'BIGINT', nullable: false },
      { name: 'person', type: 'VARCHAR' },
      { name: 'kind', type: 'VARCHAR', nullable: false },
      { name: 'score', type: 'BIGINT' },
      { name: 'ratio', type: 'DOUBLE' },
      { name: 'mfa', type: 'BOOLEAN' },
      { name: 'p_event_time', type: 'TIMESTAMP' },
      { name: 'context', type: 'JSON' },
      { name: 'tags', type: 'VARCHAR[]' },
      { name: 'udm', type: 'STRUCT', fields: ['actor_user', 'source_ip'] },
    ],
  },
  {
    name: 'people',
    description: 'Random rows.',
    key: 'person',
    replaces: false,
    time: 'since',
    columns: [
      { name: 'person', type: 'VARCHAR' },
      { name: 'rank', type: 'BIGINT' },
      { name: 'since', type: 'TIMESTAMP' },
    ],
  },
];

/** Few texts, so that they repeat: mixed case, empty, wildcards, what escaping could get wrong, and beyond the BMP. */
const texts = [
  'alice',
  'Alice',
  'ALICE',
  'bob',
  '',
  'a%b',
  'a_b',
  "o'neil",
  'back\\slash',
  '`tick`',
  'ärger',
  '\u{1f600}',
  '\uff21',
  'null',
  '1',
];
const text = fc.constantFrom(...texts);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
const time = fc
  .tuple(
    fc.constantFrom(nowMs, nowMs - 30 * dayMs, nowMs - dayMs, Date.UTC(2024, 0, 1)),
    fc.constantFrom(-1, 0, 1, 3_600_000, -5_400_000),
  )
  .map(([base, offset]) => new Date(base + offset).toISOString());
const context = fc.record({
  member: fc.oneof(text, fc.constant(null), fc.integer({ min: -3, max: 3 }), fc.boolean()),
  deep: fc.oneof(
    fc.constant(undefined),
    fc.record({ list: fc.array(fc.oneof(text, fc.constant(0.25)), { maxLength: 2 }) }),
  ),
});

const login = fc.record({
  person: orNull(text),
  kind: text,
  score: orNull(fc.integer({ min: -3, max: 4 })),
  ratio: orNull(fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8)),
  mfa: orNull(fc.boolean()),
  p_event_time: orNull(time),
  context: orNull(context),
  tags: orNull(fc.array(orNull(text), { maxLength: 3 })),
  udm: orNull(fc.record({ actor_user: orNull(text), source_ip: orNull(text) })),
});

export const randomRows: fc.Arbitrary<ReadonlyMap<string, readonly Row[]>> = fc
  .tuple(
    fc.array(login, { maxLength: 14 }),
    fc.array(fc.record({ person: orNull(text), rank: orNull(fc.integer({ min: 0, max: 3 })), since: orNull(time) }), {
      maxLength: 5,
    }),
  )
  .map(
    ([logins, people]) =>
      new Map<string, readonly Row[]>([
        ['logins', logins.map((row, id) => ({ id, ...row }))],
        ['people', people],
      ]),
  );

type Sql = fc.Arbitrary<string>;

const quoted = text.map((value) => `'${value.replaceAll("'", "''")}'`);
const pattern = fc.constantFrom("'a%'", "'A%'", "'%l_c%'", "'%'", "''", "'_'", "'%''%'", "'a\\%b'", "'%a%b%'");
const instant = fc.constantFrom(
  "TIMESTAMP '2024-06-30 12:00:00'",
  "'2024-05-31 12:00:00'",
  "TIMESTAMP '2024-06-29 12:00:00.001'",
  'p_current_timestamp()',
);

/** Joins pieces of SQL, some of them random. */
function sql(pieces: TemplateStringsArray, ...holes: readonly Sql[]): Sql {
  return fc.tuple(...holes).map((values) => pieces.map((piece, index) => piece + (values[index] ?? '')).join(''));
}

/** Expressions over the columns of `logins`, at most `depth` deep. */
export function expressions(depth: number): Readonly<Record<'text' | 'number' | 'condition' | 'time', Sql>> {
  const leaf = {
    text: fc.oneof(
      fc.constantFrom(
        'person',
        'kind',
        "(context->>'member')",
        "(context->>'$.deep.list[0]')",
        'udm.actor_user',
        'list_at(tags, 0)',
        'NULL',
      ),
      quoted,
    ),
    number: fc.constantFrom('id', 'score', 'score', '0', '2', 'length(kind)', 'len(tags)'),
    time: fc.constantFrom('p_event_time'),
    condition: fc.constantFrom(
      'mfa',
      "p_occurs_since('30 days')",
      "p_occurs_since('1 day', p_event_time)",
      'TRUE',
      'NULL',
      'score IS NULL',
    ),
  };
  if (depth === 0) return leaf;
  const inner = expressions(depth - 1);
  const compare = fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM');
  return {
    text: fc.oneof(
      leaf.text,
      sql`lower(${inner.text})`,
      sql`upper(${inner.text})`,
      sql`trim(${inner.text})`,
      sql`coalesce(${inner.text}, ${inner.text})`,
      sql`nullif(${inner.text}, ${inner.text})`,
      sql`(${inner.text} || ${inner.text})`,
      sql`concat(${inner.text}, ${inner.number}, ${inner.text})`,
      sql`replace(${inner.text}, ${quoted}, ${quoted})`,
      sql`substring(${inner.text}, 2, 2)`,
      sql`CASE WHEN ${inner.condition} THEN ${inner.text} ELSE ${inner.text} END`,
      sql`CASE WHEN ${inner.condition} THEN ${inner.text} END`,
      sql`CAST(${inner.number} AS VARCHAR)`,
      sql`greatest(${inner.text}, ${inner.text})`,
    ),
    number: fc.oneof(
      leaf.number,
      sql`(${inner.number} + ${inner.number})`,
      sql`(${inner.number} - ${inner.number})`,
      sql`(${inner.number} * ${inner.number})`,
      sql`(${inner.number} % ${inner.number})`,
      sql`abs(-${inner.number})`,
      sql`length(${inner.text})`,
      sql`position(${quoted} IN ${inner.text})`,
      sql`coalesce(${inner.number}, ${inner.number})`,
      sql`CASE WHEN ${inner.condition} THEN ${inner.number} ELSE ${inner.number} END`,
      sql`date_diff('hour', ${inner.time}, ${inner.time})`,
      sql`EXTRACT(hour FROM ${inner.time})`,
    ),
    time: fc.oneof(
      leaf.time,
      sql`date_trunc('day', ${inner.time})`,
      sql`date_trunc('week', ${inner.time})`,
      sql`coalesce(${inner.time}, p_current_timestamp())`,
    ),
    condition: fc.oneof(
      leaf.condition,
      sql`(${inner.text} ${compare} ${inner.text})`,
      sql`(${inner.number} ${compare} ${inner.number})`,
      sql`(ratio ${compare} 0.25)`,
      sql`(${inner.time} ${compare} ${instant})`,
      sql`(${inner.condition} AND ${inner.condition})`,
      sql`(${inner.condition} OR ${inner.condition})`,
      sql`(NOT ${inner.condition})`,
      sql`(${inner.text} LIKE ${pattern})`,
      sql`(${inner.text} NOT LIKE ${pattern})`,
      sql`(${inner.text} ILIKE ${pattern})`,
      sql`(${inner.text} LIKE 'a\_%' ESCAPE '\\')`,
      sql`(${inner.text} IN (${quoted}, ${inner.text}, ${quoted}))`,
      sql`(${inner.number} NOT IN (1, ${inner.number}))`,
      sql`(${inner.number} BETWEEN ${inner.number} AND ${inner.number})`,
      sql`(${inner.text} IS NULL)`,
      sql`(${inner.time} IS NOT NULL)`,
      sql`list_contains(tags, ${quoted})`,
      sql`starts_with(${inner.text}, ${quoted})`,
      sql`(${inner.condition} IS TRUE)`,
    ),
  };
}

const { text: txt, number: num, condition: cond, time: tim } = expressions(2);
const any = fc.oneof(txt, num, cond, tim);
const nulls = fc.constantFrom('NULLS FIRST', 'NULLS LAST', '');
const direction = fc.constantFrom('ASC', 'DESC');
const aggregate = fc.oneof(
  fc.constantFrom(
    'count(*)',
    'avg(ratio)',
    'sum(ratio)',
    'count(DISTINCT person)',
    "count(DISTINCT context->>'member')",
  ),
  sql`count(${any})`,
  sql`sum(${num})`,
  sql`min(${txt})`,
  sql`max(${txt})`,
  sql`max(${tim})`,
  sql`min(${num})`,
  sql`count(DISTINCT ${num})`,
  sql`count(*) FILTER (WHERE ${cond})`,
  sql`sum(CASE WHEN ${cond} THEN 1 ELSE 0 END)`,
);

const plainSelect = fc.oneof(
  sql`SELECT id, ${any} AS a, ${any} AS b FROM logins WHERE ${cond} ORDER BY a ${direction} ${nulls}, id NULLS LAST`,
  sql`SELECT id, ${any} AS a FROM logins WHERE ${cond} ORDER BY a ${direction} NULLS LAST, id LIMIT 4 OFFSET 1`,
  sql`SELECT DISTINCT ${any} AS a, kind FROM logins ORDER BY a NULLS FIRST, kind`,
  sql`SELECT * FROM (SELECT ${txt} AS a, ${num} AS n FROM logins) s WHERE a IS NOT NULL OR n > 1`,
);
const groupedSelect = fc.oneof(
  sql`SELECT ${txt} AS a, count(*) AS n, ${aggregate} AS x FROM logins WHERE ${cond} GROUP BY a HAVING n > 1 ORDER BY n DESC, a NULLS LAST`,
  sql`SELECT ${any} AS a, ${any} AS b, ${aggregate} AS x FROM logins GROUP BY a, b`,
  sql`SELECT ${aggregate} AS x, ${aggregate} AS y FROM logins WHERE ${cond}`,
  sql`SELECT person, ${aggregate} AS x FROM logins GROUP BY person HAVING count(*) > 1 ORDER BY count(*) DESC, person NULLS FIRST LIMIT 3`,
  sql`WITH g AS (SELECT person AS who, ${aggregate} AS x FROM logins WHERE ${cond} GROUP BY person) SELECT x, count(*) AS n FROM g GROUP BY x`,
);
const joinedSelect = fc.oneof(
  sql`SELECT l.id, p.rank, p.since FROM logins l JOIN people p ON l.person = p.person AND p.rank > ${fc.constantFrom('0', 'l.score')}`,
  sql`SELECT l.id, p.person AS who, p.rank FROM logins l LEFT JOIN people p ON l.person = p.person ORDER BY p.rank NULLS FIRST`,
  sql`SELECT l.id FROM logins l LEFT JOIN people p ON lower(l.person) = lower(p.person) WHERE p.rank IS NULL`,
  sql`SELECT a.id AS a, b.id AS b, q.rank FROM logins a JOIN logins b ON a.person = b.person AND a.id < b.id LEFT JOIN people q ON q.rank = b.score`,
  sql`SELECT p.rank, count(*) AS n, count(l.person) AS m FROM people p LEFT JOIN (SELECT person FROM logins WHERE ${cond}) l ON l.person = p.person GROUP BY p.rank`,
);
const unionSelect = fc.oneof(
  sql`SELECT ${txt} AS a FROM logins UNION ALL SELECT person FROM people ORDER BY a NULLS LAST`,
  sql`SELECT ${num} AS a, kind FROM logins UNION SELECT score, kind FROM logins WHERE ${cond}`,
);

/** Queries of every shape that alasql is given. */
export const randomQuery: Sql = fc.oneof(plainSelect, groupedSelect, joinedSelect, unionSelect);
