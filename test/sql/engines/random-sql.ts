import fc from 'fast-check';
import { expressions, type Sql, sql } from './random-expressions.ts';

const { text, number, condition, time } = expressions(2);
const { text: smallText, number: smallNumber, condition: smallCondition } = expressions(1);
const any = fc.oneof(text, number, condition, time);
const nulls = fc.constantFrom('NULLS FIRST', 'NULLS LAST', '');
const direction = fc.constantFrom('ASC', 'DESC');
const not = fc.constantFrom('', 'NOT ');
const aggregate = fc.oneof(
  fc.constantFrom(
    ...['count(*)', 'avg(ratio)', 'sum(ratio)', 'count(DISTINCT person)', "count(DISTINCT context->>'member')"],
    ...['sum(score) * 1.0 / count(*)', '100.0 * count_if(mfa) / count(*)', 'bool_or(mfa)', 'bool_and(mfa)'],
    ...["string_agg(person, ',' ORDER BY id)", "string_agg(DISTINCT kind, '; ' ORDER BY kind DESC)"],
    ...['array_agg(person ORDER BY person NULLS FIRST, id)'],
  ),
  sql`count(${any})`,
  sql`sum(${number})`,
  sql`min(${text})`,
  sql`max(${text})`,
  sql`max(${time})`,
  sql`min(${number})`,
  sql`count(DISTINCT ${number})`,
  sql`count(*) FILTER (WHERE ${condition})`,
  sql`sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`,
);

const plainSelect = fc.oneof(
  sql`SELECT id, ${any} AS a, ${any} AS b FROM logins WHERE ${condition} ORDER BY a ${direction} ${nulls}, id NULLS LAST`,
  sql`SELECT id, ${any} AS a FROM logins WHERE ${condition} ORDER BY a ${direction} NULLS LAST, id LIMIT 4 OFFSET 1`,
  sql`SELECT DISTINCT ${any} AS a, kind FROM logins ORDER BY a NULLS FIRST, kind`,
  sql`SELECT * FROM (SELECT ${text} AS a, ${number} AS n FROM logins) s WHERE a IS NOT NULL OR n > 1`,
  sql`SELECT id, j->>'member' AS m, ${number} AS n FROM (SELECT *, context AS j FROM logins) s WHERE (j->>'count') <> ${fc.constantFrom("'5'", 'person')}`,
);

const groupedSelect = fc.oneof(
  sql`SELECT ${text} AS a, count(*) AS n, ${aggregate} AS x FROM logins WHERE ${condition} GROUP BY a HAVING n > 1 ORDER BY n DESC, a NULLS LAST`,
  sql`SELECT ${any} AS a, ${any} AS b, ${aggregate} AS x FROM logins GROUP BY a, b`,
  sql`SELECT ${aggregate} AS x, ${aggregate} AS y FROM logins WHERE ${condition}`,
  sql`SELECT person, ${aggregate} AS x FROM logins GROUP BY person HAVING count(*) > 1 ORDER BY count(*) DESC, person NULLS FIRST LIMIT 3`,
  sql`WITH g AS (SELECT person AS who, ${aggregate} AS x FROM logins WHERE ${condition} GROUP BY person) SELECT x, count(*) AS n FROM g GROUP BY x`,
);

const joinedSelect = fc.oneof(
  sql`SELECT l.id, p.rank, p.since FROM logins l JOIN people p ON l.person = p.person AND p.rank > ${fc.constantFrom('0', 'l.score')}`,
  sql`SELECT l.id, p.person AS who, p.rank FROM logins l LEFT JOIN people p ON l.person = p.person ORDER BY p.rank NULLS FIRST`,
  sql`SELECT l.id FROM logins l LEFT JOIN people p ON lower(l.person) = lower(p.person) WHERE p.rank IS NULL`,
  sql`SELECT a.id AS a, b.id AS b, q.rank FROM logins a JOIN logins b ON a.person = b.person AND a.id < b.id LEFT JOIN people q ON q.rank = b.score`,
  sql`SELECT p.rank, count(*) AS n, count(l.person) AS m FROM people p LEFT JOIN (SELECT person FROM logins WHERE ${condition}) l ON l.person = p.person GROUP BY p.rank`,
  sql`SELECT person, rank, profile->>'member' AS m FROM logins ${fc.constantFrom('', 'LEFT ')}JOIN people USING (person) WHERE ${smallCondition}`,
  sql`SELECT a.id, b.id AS other FROM logins a JOIN logins b USING (person, score) JOIN people USING (person)`,
);

const setOperation = fc.oneof(
  sql`SELECT ${text} AS a FROM logins UNION ALL SELECT person FROM people ORDER BY a NULLS LAST`,
  sql`SELECT ${number} AS a, kind FROM logins UNION SELECT score, kind FROM logins WHERE ${condition}`,
  sql`SELECT ${smallText} AS a FROM logins ${fc.constantFrom('EXCEPT', 'INTERSECT')} SELECT person FROM people ORDER BY a NULLS FIRST LIMIT 3`,
  sql`SELECT score AS a, mfa AS b FROM logins WHERE ${smallCondition} ${fc.constantFrom('EXCEPT', 'INTERSECT', 'UNION')} SELECT ${smallNumber}, NULL FROM logins`,
  sql`SELECT rank AS a FROM people UNION ALL SELECT score FROM logins EXCEPT SELECT id FROM logins WHERE ${smallCondition}`,
  sql`(SELECT person AS a FROM people UNION SELECT kind FROM logins) INTERSECT SELECT ${smallText} FROM logins`,
);

const subquery = fc.oneof(
  sql`SELECT id FROM logins WHERE ${smallText} ${not}IN (SELECT person FROM people WHERE rank ${fc.constantFrom('> 0', 'IS NULL', '>= 0')})`,
  sql`SELECT id, ${not}${smallNumber} IN (SELECT rank FROM people) AS a FROM logins WHERE ${smallCondition}`,
  sql`SELECT id FROM logins l WHERE ${not}EXISTS (SELECT 1 AS x FROM people p WHERE p.person = l.person AND (${smallCondition}))`,
  sql`SELECT id, (SELECT ${fc.constantFrom('count(*)', 'max(p.rank)', 'min(p.since)', 'sum(p.rank)')} FROM people p WHERE p.person = l.person OR p.rank = l.score) AS a FROM logins l`,
  sql`SELECT id FROM logins WHERE ${smallNumber} ${fc.constantFrom('=', '>', '<=')} (SELECT ${aggregate} AS x FROM logins WHERE ${smallCondition} AND score IS NOT NULL)`,
  sql`SELECT person, count(*) AS n FROM logins GROUP BY person HAVING count(*) >= (SELECT avg(c) AS a FROM (SELECT count(*) AS c FROM logins GROUP BY person) s)`,
  sql`SELECT kind, max(score) AS m, (SELECT count(*) FROM people p WHERE p.person = kind) AS people FROM logins WHERE ${condition} GROUP BY kind`,
  sql`WITH busy AS (SELECT person AS who, count(*) AS n FROM logins GROUP BY person) SELECT id FROM logins WHERE person ${not}IN (SELECT who FROM busy WHERE n > (SELECT min(n) FROM busy))`,
  sql`SELECT p.person, (SELECT string_agg(l.kind, ',' ORDER BY l.id) FROM logins l WHERE l.person = p.person AND EXISTS (SELECT 1 AS x FROM people q WHERE q.person = p.person AND q.rank >= l.score)) AS kinds FROM people p`,
  sql`SELECT id, CASE WHEN id IN (SELECT score FROM logins WHERE ${smallCondition}) THEN ${smallText} END AS a FROM logins ORDER BY id LIMIT 5`,
  sql`SELECT id, (SELECT context->>'member' FROM logins m WHERE m.id = l.id + 1) AS next FROM logins l`,
);

const term = sql`${fc.constantFrom('score', 'person', 'kind', 'p_event_time', 'mfa')} ${direction} ${nulls}`;
const partition = fc.constantFrom('', 'PARTITION BY person ', 'PARTITION BY mfa, kind ');
const overPeers = sql`(${partition}ORDER BY ${term})`;
const overRows = sql`(${partition}ORDER BY ${term}, id)`;
const windowed = fc.oneof(
  sql`${fc.constantFrom('rank()', 'dense_rank()', 'count(*)', 'sum(score)', 'avg(ratio)', 'min(person)', 'max(p_event_time)')} OVER ${overPeers}`,
  sql`${fc.constantFrom('row_number()', 'lag(person)', 'lead(score, 2)', "lag(kind, 1, 'none')", 'lag(p_event_time)')} OVER ${overRows}`,
  sql`count(*) FILTER (WHERE ${smallCondition}) OVER (${partition})`,
  sql`sum(score) OVER (${partition})`,
);
const windowSelect = fc.oneof(
  sql`SELECT id, ${windowed} AS a, ${windowed} AS b FROM logins WHERE ${smallCondition}`,
  sql`SELECT id, a FROM (SELECT *, ${windowed} AS a, row_number() OVER ${overRows} AS n FROM logins) s WHERE n <= 2`,
  sql`SELECT id FROM logins WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER ${overRows} AS n FROM logins) s WHERE n = 1)`,
  sql`SELECT person, n, rank() OVER (ORDER BY n DESC) AS r FROM (SELECT person, count(*) AS n FROM logins GROUP BY person) g`,
);
const fullJoin = fc.oneof(
  sql`SELECT l.id, p.rank, coalesce(l.person, p.person) AS who, l.context->>'member' AS m, p.profile->>'count' AS c FROM logins l FULL JOIN people p ON l.person = p.person AND (${smallCondition.map((one) => one.replaceAll('person', 'l.person'))})`,
  sql`SELECT count(*) AS n, a.who, b.rank FROM (SELECT person AS who FROM logins WHERE ${smallCondition}) a FULL OUTER JOIN people b ON lower(a.who) = b.person GROUP BY a.who, b.rank`,
  sql`SELECT * FROM (SELECT kind, count(*) AS n FROM logins GROUP BY kind) a FULL JOIN (SELECT rank, max(since) AS s FROM people GROUP BY rank) b ON a.n = b.rank ORDER BY kind, rank`,
);

/** Queries of every shape that alasql is given. */
export const randomQuery: Sql = fc.oneof(
  { weight: 4, arbitrary: plainSelect },
  { weight: 4, arbitrary: groupedSelect },
  { weight: 3, arbitrary: joinedSelect },
  { weight: 3, arbitrary: setOperation },
  { weight: 4, arbitrary: subquery },
  { weight: 2, arbitrary: windowSelect },
  { weight: 1, arbitrary: fullJoin },
);
