import { expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import { contentFolder } from '../content/content-folder.ts';

const config = `import { defineConfig } from 'margay';
export default defineConfig({
  destinations: {},
  logTypes: { 'Okta.SystemLog': { retention: '7d' } },
  tables: { rule_matches: { retention: '30d' } },
});
`;

async function findings(sql: string, settings = config) {
  const query = `title: Query\nquery: |\n  ${sql}\nschedule: { every: 1h }\n`;
  const files = { 'margay.config.ts': settings, 'scheduled-queries/q.yml': query };
  const { problems } = await compileContent({ root: await contentFolder(files), types: false });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return problems.filter(({ code }) => code === 'COMPILE_RETENTION_SHORT');
}

it.each([
  [
    "SELECT uuid FROM okta_systemlog WHERE p_occurs_since('30 days')",
    'The query reads 30d of okta_systemlog, which is kept for 7d.',
    "Write logTypes: { 'Okta.SystemLog': { retention: '30d' } } in margay.config.ts, or a shorter window.",
  ],
  [
    "SELECT p_dedup FROM rule_matches WHERE p_occurs_since('31 days')",
    'The query reads 31d of rule_matches, which is kept for 30d.',
    "Write tables: { rule_matches: { retention: '31d' } } in margay.config.ts, or a shorter window.",
  ],
])('%s reads further back than there are rows', async (sql, message, hint) => {
  expect(await findings(sql)).toEqual([
    {
      ...{ code: 'COMPILE_RETENTION_SHORT', severity: 'finding', message, hint },
      where: { file: 'scheduled-queries/q.yml', line: 3, col: sql.indexOf('p_occurs_since') + 3 },
    },
  ]);
});

it('a window as long as the retention, or over a table that is kept for ever, is fine', async () => {
  expect(await findings("SELECT p_dedup FROM rule_matches WHERE p_occurs_since('30 days')")).toEqual([]);
  const kept = config.replace(/ {2}(logTypes|tables).*\n/g, '');
  expect(await findings("SELECT uuid FROM okta_systemlog WHERE p_occurs_since('30 days')", kept)).toEqual([]);
  expect(await findings("SELECT alert_id FROM alerts WHERE p_occurs_since('90 days', created_at)")).toEqual([]);
});
