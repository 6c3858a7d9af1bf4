import fc from 'fast-check';
import { randomText } from './random-rows.ts';

/** A piece of SQL, random. */
export type Sql = fc.Arbitrary<string>;

/** Joins pieces of SQL, some of them random. */
export function sql(pieces: TemplateStringsArray, ...holes: readonly Sql[]): Sql {
  return fc.tuple(...holes).map((values) => pieces.map((piece, index) => piece + (values[index] ?? '')).join(''));
}

const quoted = randomText.map((value) => `'${value.replaceAll("'", "''")}'`);
const pattern = fc.constantFrom("'a%'", "'A%'", "'%l_c%'", "'%'", "''", "'_'", "'%''%'", "'a\\%b'", "'%a%b%'");
const regex = fc.constantFrom(
  ...[
    "'^a'",
    "'a.b'",
    "'(?i)ALICE'",
    "'^[0-9.]+$'",
    "'^\\d{1,3}(\\.\\d{1,3}){3}$'",
    "'[^a-c]$'",
    "'b|null|^$'",
    "'\\s'",
  ],
  ...["'\\w+'", "'(?i)s'", "'a*'", "'(a|l)(i)?'", "'[\\d-]+'", "'(?:li)?ce$'"],
);
const instant = fc.constantFrom(
  "TIMESTAMP '2024-06-30 12:00:00'",
  "'2024-05-31 12:00:00'",
  "TIMESTAMP '2024-06-29 12:00:00.001'",
  'p_current_timestamp()',
);
const interval = fc.constantFrom("INTERVAL '1 day'", "INTERVAL '30 days'", "INTERVAL '1 hour 30 minutes'");

/** Expressions by their type. */
export type Expressions = Readonly<Record<'text' | 'number' | 'condition' | 'time', Sql>>;

/** Expressions over the columns of `logins`, at most `depth` deep. */
export function expressions(depth: number): Expressions {
  if (depth === 0) return leaves;
  const inner = expressions(depth - 1);
  return { text: text(inner), number: number(inner), time: time(inner), condition: condition(inner) };
}

const leaves: Expressions = {
  text: fc.oneof(
    fc.constantFrom(
      ...['person', 'kind', "(context->>'member')", "(context->>'$.deep.list[0]')"],
      ...['udm.actor_user', 'list_at(tags, 0)', 'NULL'],
    ),
    quoted,
  ),
  number: fc.constantFrom('id', 'score', 'score', '0', '2', 'length(kind)', 'len(tags)'),
  time: fc.constantFrom('p_event_time'),
  condition: fc.constantFrom(
    ...['mfa', "p_occurs_since('30 days')", "p_occurs_since('1 day', p_event_time)", 'TRUE', 'NULL', 'score IS NULL'],
  ),
};

function text(inner: Expressions): Sql {
  return fc.oneof(
    leaves.text,
    sql`lower(${inner.text})`,
    sql`upper(${inner.text})`,
    sql`trim(${inner.text})`,
    sql`coalesce(${inner.text}, ${inner.text})`,
    sql`nullif(${inner.text}, ${inner.text})`,
    sql`(${inner.text} || ${inner.text})`,
    sql`concat(${inner.text}, ${inner.number}, ${inner.text})`,
    sql`replace(${inner.text}, ${quoted}, ${quoted})`,
    sql`substring(${inner.text}, 2, 2)`,
    sql`split_part(${inner.text}, ${fc.constantFrom("'.'", "'i'", "'li'")}, ${fc.constantFrom('1', '2', '-1')})`,
    sql`regexp_extract(${inner.text}, ${regex})`,
    sql`regexp_replace(${inner.text}, ${regex}, ${fc.constantFrom("'x'", "''", "'[\\0]'")}${fc.constantFrom('', ", 'g'")})`,
    sql`CASE WHEN ${inner.condition} THEN ${inner.text} ELSE ${inner.text} END`,
    sql`CASE WHEN ${inner.condition} THEN ${inner.text} END`,
    sql`CAST(${inner.number} AS VARCHAR)`,
    sql`greatest(${inner.text}, ${inner.text})`,
  );
}

function number(inner: Expressions): Sql {
  return fc.oneof(
    leaves.number,
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
    sql`TRY_CAST(${inner.text} AS BIGINT)`,
    fc.constantFrom("TRY_CAST(context->>'count' AS BIGINT)", 'CAST(ratio AS BIGINT)', 'CAST(2.5 AS BIGINT)'),
  );
}

function time(inner: Expressions): Sql {
  return fc.oneof(
    leaves.time,
    sql`date_trunc('day', ${inner.time})`,
    sql`date_trunc('week', ${inner.time})`,
    sql`(${inner.time} - ${interval})`,
    sql`coalesce(${inner.time}, p_current_timestamp())`,
  );
}

function condition(inner: Expressions): Sql {
  const compare = fc.constantFrom('=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM');
  return fc.oneof(
    leaves.condition,
    sql`(${inner.text} ${compare} ${inner.text})`,
    sql`(${inner.number} ${compare} ${inner.number})`,
    sql`(${inner.number} ${fc.constantFrom('=', '<', '>=')} '2')`,
    sql`(ratio ${compare} 0.25)`,
    sql`(${inner.time} ${compare} ${instant})`,
    sql`(${inner.time} - ${inner.time} ${fc.constantFrom('>', '<=', '=')} ${interval})`,
    sql`(${inner.condition} AND ${inner.condition})`,
    sql`(${inner.condition} OR ${inner.condition})`,
    sql`(NOT ${inner.condition})`,
    sql`(${inner.text} LIKE ${pattern})`,
    sql`(${inner.text} NOT LIKE ${pattern})`,
    sql`(${inner.text} ILIKE ${pattern})`,
    sql`(${inner.text} LIKE 'a\_%' ESCAPE '\\')`,
    sql`regexp_matches(${inner.text}, ${regex})`,
    sql`(${inner.text} IN (${quoted}, ${inner.text}, ${quoted}))`,
    sql`(${inner.number} NOT IN (1, ${inner.number}))`,
    sql`(${inner.number} BETWEEN ${inner.number} AND ${inner.number})`,
    sql`(${inner.text} IS NULL)`,
    sql`(${inner.time} IS NOT NULL)`,
    sql`list_contains(tags, ${quoted})`,
    sql`starts_with(${inner.text}, ${quoted})`,
    sql`(${inner.condition} IS TRUE)`,
    sql`TRY_CAST(${inner.text} AS BOOLEAN)`,
  );
}
