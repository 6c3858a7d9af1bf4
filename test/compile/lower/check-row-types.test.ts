import { expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { contentFolder } from '../content/content-folder.ts';

const query = `title: Rows
query: |
  SELECT p_dedup AS who, count(*) AS n, avg(1.5) AS share, max(p_event_time) AS last, count(*) > 2 AS often
  FROM rule_matches WHERE p_occurs_since('30 days') GROUP BY p_dedup
schedule: { every: 1h }
`;

async function check(lines: string) {
  const detection = `title: Reader
query: q
dedup: { by: [who] }
${lines}
tests:
  - name: nothing
    steps: [{ at: -1h, log: { uuid: a, eventType: x }, logType: Okta.SystemLog }]
    expect: { alerts: [] }
`;
  const root = await contentFolder({ 'detections/reader.yml': detection, 'scheduled-queries/q.yml': query });
  const { problems } = await compileContent({ root, types: false });
  return problems;
}

const condition = (test: string) => `detection: { it: { ${test} }, condition: it }`;

it.each([
  condition('n|gt: 2'),
  condition('share|lte: 0.5'),
  condition("n: ['3', 4, '1*']"),
  condition('n|exists: true'),
  condition('n|fieldref: who'),
  condition('who: 3'),
  condition('often: true'),
  condition('last|startswith: 2026-01'),
  'renotify: [n, share, last]',
  'context: { a: { from: n }, b: { from: n, type: double }, c: { from: often, type: boolean }, d: { from: last, type: json } }',
])('is sound: %s', async (lines) => {
  expect(await check(lines)).toEqual([]);
});

it.each([
  [condition('who|gt: 2'), 'who', 'VARCHAR', 'it is compared with a number', 'BIGINT'],
  [condition('last|lt: 2'), 'last', 'TIMESTAMP', 'it is compared with a number', 'BIGINT'],
  [condition('often: [1, 2]'), 'often', 'BOOLEAN', 'it is compared with a number', 'BIGINT'],
  [condition('n: many'), 'n', 'BIGINT', 'it is compared with a text', 'VARCHAR'],
  [condition('n|cidr: 192.0.2.0/24'), 'n', 'BIGINT', 'an address is a text', 'VARCHAR'],
  ['renotify: [who]', 'who', 'VARCHAR', 'only numbers and times increase', 'BIGINT'],
])('never holds: %s', async (lines, column, type, use, needed) => {
  expect(await check(lines)).toMatchObject([
    {
      code: 'COMPILE_COLUMN_TYPE',
      message: `'${column}' is ${type} in the query q, and ${use}.`,
      hint: `Write CAST(… AS ${needed}) AS ${column} in the query, or change it here.`,
      where: { file: 'detections/reader.yml', line: 4 },
    },
  ]);
});

it.each([
  ['bigint', 'share', 'double'],
  ['bigint', 'who', 'string'],
  ['timestamp', 'who', 'string'],
  ['boolean', 'n', 'bigint'],
])('a context column of type %s would be NULL when it is read from %s', async (type, column, fitting) => {
  const [problem] = await check(`context: { a: { from: ${column}, type: ${type} } }`);
  expect(problem?.message).toMatch(/, and the context column is \w+\.$/);
  expect(problem?.hint).toBe(
    `Write 'type: ${fitting}', or CAST(… AS ${type.toUpperCase()}) AS ${column} in the query.`,
  );
});
