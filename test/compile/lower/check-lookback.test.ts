import { expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { contentFolder } from '../content/content-folder.ts';

async function check(options: { readonly where: string; readonly lookback?: string }) {
  const query = `title: Events
query: |
  SELECT uuid FROM okta_systemlog WHERE ${options.where}
schedule: { every: 1h }
${options.lookback === undefined ? '' : `lookback: ${options.lookback}`}
tests:
  - name: nothing
    steps: [{ at: -1m, log: { uuid: a, eventType: x } }]
    expect: { rows: [] }
`;
  const root = await contentFolder({ 'scheduled-queries/events.yml': query });
  const { problems } = await compileContent({ root, types: false });
  return problems.filter(({ code }) => code.startsWith('COMPILE_LOOKBACK'));
}

const month = "p_occurs_since('30 days')";
const nested = `p_occurs_since('2 hours') AND uuid IN (SELECT uuid FROM okta_systemlog WHERE ${month})`;

it.each([
  ['equal, in other words', { where: month, lookback: '30d' }],
  ['equal to the largest', { where: nested, lookback: '30d' }],
  ['absent', { where: month }],
])('a lookback is sound when it is %s', async (_, options) => {
  expect(await check(options)).toEqual([]);
});

it.each([
  [
    'less than the SQL reads',
    { where: month, lookback: '7d' },
    'The query says that it looks back 7d, and its SQL reads 30d: p_occurs_since decides.',
    "Write 'lookback: 30d', or p_occurs_since('7d') in the SQL.",
  ],
  [
    'more than the SQL reads',
    { where: "p_occurs_since('2 hours')", lookback: '1d' },
    'The query says that it looks back 1d, and its SQL reads 2h: p_occurs_since decides.',
    "Write 'lookback: 2h', or p_occurs_since('1d') in the SQL.",
  ],
  [
    'not the largest of several windows',
    { where: nested, lookback: '2h' },
    'The query says that it looks back 2h, and its SQL reads 30d: p_occurs_since decides.',
    "Write 'lookback: 30d', or p_occurs_since('2h') in the SQL.",
  ],
  [
    'without a window in the SQL',
    { where: "published > TIMESTAMP '2026-01-01 00:00:00'", lookback: '30d' },
    'The query says that it looks back 30d, and its SQL has no p_occurs_since.',
    "Write p_occurs_since('30d') in the SQL, or leave out 'lookback'.",
  ],
])('a lookback is a finding when it is %s', async (_, options, message, hint) => {
  const where = { file: 'scheduled-queries/events.yml', line: 5, col: 11 };
  expect(await check(options)).toEqual([
    { code: 'COMPILE_LOOKBACK_DIFFERS', message, hint, where, severity: 'finding' },
  ]);
});
