import { expect, it } from 'vitest';
import { compileContent } from '../../framework/compile/index.ts';
import { formatWhere, type Problem } from '../../framework/model/margay-error.ts';
import { contentFolder } from './content/content-folder.ts';

/** A query, and every use that a detection can make of its columns. */
const content: Readonly<Record<string, string>> = {
  'scheduled-queries/adds.yml': `title: Adds by member
query: |
  SELECT
    p_dedup AS member,
    count(*) AS adds,
    max(p_event_time) AS last_add,
    max(p_alert_id) AS alert
  FROM rule_matches
  WHERE p_occurs_since('30 days')
  GROUP BY p_dedup
schedule: { every: 1h }
tests:
  - name: nothing
    steps: [{ at: -1h, log: { uuid: a, eventType: x }, logType: Okta.SystemLog }]
    expect: { rows: [{ member: a, adds: 3, last_add: '2026-01-15T12:00:00+01:00', alert: null }] }
`,
  'detections/repeated.yml': `title: Repeated
query: adds
detection: { often: { adds|gt: 2, member|startswith: a }, condition: often }
alertTitle: '{member}: {adds} adds until {last_add}'
dedup: { by: [member] }
renotify: [adds, last_add]
context:
  member: { from: member }
  adds: { from: adds, type: bigint }
  last: { from: last_add, type: timestamp }
tests:
  - name: nothing
    steps: [{ at: -1h, log: { uuid: a, eventType: x }, logType: Okta.SystemLog }]
    expect: { rows: [{ member: a, adds: 3 }], alerts: [{ match_count: 1, notifications: 1 }] }
`,
  'detections/coded.yml': `title: Coded
query: adds
dedup: { by: [member] }
context: { who: {}, times: { type: bigint } }
tests:
  - name: nothing
    steps: [{ at: -1h, log: { uuid: a, eventType: x }, logType: Okta.SystemLog }]
    expect: { alerts: [] }
`,
  'detections/coded.ts': `import { detection } from 'margay';

export default detection<'coded'>({
  rule: (row) => row.adds > 2 && row.last_add.startsWith('2026'),
  title: (row) => \`\${row.member.toUpperCase()} was added \${row.adds.toFixed()} times\`,
  dedup: (row) => row.member,
  level: (row) => ((row.alert?.length ?? 0) > 0 ? 'high' : undefined),
  context: (row) => ({ who: row.member, times: row.adds }),
});
`,
};

async function problemsWith(change: (file: string, text: string) => string): Promise<readonly Problem[]> {
  const files = Object.entries(content).map(([file, text]) => [file, change(file, text)] as const);
  const { problems } = await compileContent({ root: await contentFolder(Object.fromEntries(files)) });
  return problems;
}

const inQuery = (from: string, to: string) =>
  problemsWith((file, text) => (file === 'scheduled-queries/adds.yml' ? text.replace(from, to) : text));

it('every use of a column compiles as it stands, with times in any offset', async () => {
  const { problems, bundle } = await compileContent({ root: await contentFolder(content) });
  expect(problems).toEqual([]);
  expect(bundle?.queries[0]?.tests[0]).toMatchObject({
    steps: [{}, { expect: { rows: [{ last_add: '2026-01-15T11:00:00.000Z', alert: null }] } }],
  });
});

it.each([
  ['renamed', 'count(*) AS adds', 'count(*) AS additions'],
  ['removed', '    p_dedup AS member,\n', ''],
  ['retyped-to-text', 'count(*) AS adds', 'CAST(count(*) AS VARCHAR) AS adds'],
  ['retyped-to-number', 'max(p_event_time) AS last_add', "max(date_part('hour', p_event_time)) AS last_add"],
  ['retyped-to-boolean', 'count(*) AS adds', 'count(*) > 2 AS adds'],
  ['nullable', 'p_dedup AS member', "nullif(p_dedup, 'x') AS member"],
])('a column that is %s is an error at each user', async (name, from, to) => {
  const problems = await inQuery(from, to);
  await expect(`${problems.map(formatProblem).join('\n')}\n`).toMatchFileSnapshot(`golden/changed-columns/${name}.txt`);
});

it('a misspelt column does not compile, and the nearest is named', async () => {
  const problems = await problemsWith((file, text) =>
    file.endsWith('.ts') ? text.replace('row.adds >', 'row.addz >') : text,
  );
  expect(problems).toEqual([
    {
      code: 'COMPILE_TYPE_ERROR',
      message: expect.stringMatching(/^Property 'addz' does not exist on type .*\(TS2339\)$/s),
      hint: "Did you mean 'adds'?",
      where: { file: 'detections/coded.ts', line: 4, col: 22 },
      severity: 'error',
    },
  ]);
});

function formatProblem({ code, message, where, hint }: Problem): string {
  // The row type, in TypeScript's words, is long.
  const text = message.replaceAll(/type '\{ readonly [^']*\}'/g, "type '{ … }'").split('\n')[0];
  return [
    `${where ? formatWhere(where) : ''} ${code}`,
    `  ${text}`,
    ...(hint === undefined ? [] : [`  → ${hint}`]),
  ].join('\n');
}
