import { describe, expect, it } from 'vitest';
import { checkTypes } from '../../../framework/compile/typescript/index.ts';
import { formatWhere } from '../../../framework/model/margay-error.ts';
import { contentFolder } from './content-folder.ts';
import { types } from './types-fixture.ts';

async function check(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { problems } = await checkTypes({ root: contentFolder(files), files: Object.keys(files), types });
  return problems.map(({ code, message, where }) => `${code} ${where && formatWhere(where)} ${message.split('\n')[0]}`);
}

const head = "import { detection, get, glob, ip, type LogEvent } from 'margay';\n";
const detection = (id: string, body: string): string => `${head}export default detection<'${id}'>({\n${body}\n});\n`;
const context = (body: string): string => detection('okta/context', `context: (event) => (${body}),`);

describe('right uses compile', () => {
  it.each([
    [
      'every function',
      detection(
        'okta/plain',
        `
      rule: (event) => event.actor?.alternateId === 'a' && !ip.inCidr(event.udm.source_ip, '10.0.0.0/8'),
      title: (event) => \`\${event.target?.[0]?.id}\`,
      dedup: (event) => event.actor?.alternateId ?? undefined,
      level: (event) => (event.actor?.['odd-name'] === 1 ? 'high' : undefined),
      description: () => undefined, references: () => [], runbook: () => 'x', destinations: () => [],
      unique: (event) => event.p_any_emails?.join(','),
      context: () => ({}),`,
      ),
    ],
    [
      'free-form fields, by path',
      detection('okta/plain', "rule: (event) => get(event.debug, 'a[0].b') === 'x' && event.extra?.y === 1"),
    ],
    [
      'several log types, told apart',
      detection(
        'both',
        "rule: (event) => event.p_log_type === 'AWS.CloudTrail' ? event.eventName === 'x' : event.uuid === 'y'",
      ),
    ],
    ['common fields of several', detection('both', 'rule: (event) => event.udm.actor_user === event.udm.target_user')],
    [
      'rows',
      detection(
        'scheduled',
        'rule: (row) => row.adds > 2 && row.last_at.startsWith("2026") && (row.member ?? "") !== ""',
      ),
    ],
    ['context columns', context('{ member: event.actor?.alternateId, raw: event.debug }')],
    ['context columns that the YAML reads too', context('{ member: null, raw: 1, count: 2 }')],
    [
      'shared functions',
      `${head}export const who = (event: LogEvent<'Okta.SystemLog'>) => event.actor?.alternateId ?? event.udm.actor_user;`,
    ],
    [
      'glob of what may be missing',
      detection('okta/plain', "rule: ({ actor }) => glob(actor?.alternateId, '*@example.com')"),
    ],
  ])('%s', async (_, text) => {
    expect(await check({ 'detections/a.ts': text })).toEqual([]);
  });
});

describe('wrong uses do not compile', () => {
  it.each([
    ['an unknown detection', `${head}export default detection<'okta/nope'>({});`, 'TS2344'],
    ['no id', `${head}export default detection({ rule: (event) => event.x });`, 'TS18046'],
    ['an unknown function', detection('okta/plain', 'rul: () => true'), 'TS2561'],
    ['a misspelt field', detection('okta/plain', 'rule: (event) => event.actr !== null'), 'TS2551'],
    ['a misspelt nested field', detection('okta/plain', "rule: (event) => event.actor?.alternateID === 'a'"), 'TS2551'],
    ['a misspelt common field', detection('okta/plain', "rule: (event) => event.udm.actor_usr === 'a'"), 'TS2551'],
    [
      'a field taken for always there',
      detection('okta/plain', "rule: (event) => event.actor.alternateId === 'a'"),
      'TS18049',
    ],
    [
      'an element taken for always there',
      detection('okta/plain', "rule: (event) => event.target?.[0].id === 'a'"),
      'TS2532',
    ],
    ['a field of one log type in two', detection('both', "rule: (event) => event.eventName === 'a'"), 'TS2339'],
    ['a misspelt column', detection('scheduled', 'rule: (row) => row.add > 2'), 'TS2551'],
    ['a column that may be null', detection('scheduled', 'rule: (row) => row.member.length > 2'), 'TS18047'],
    ['a number for a text', detection('scheduled', "rule: (row) => row.adds === 'x'"), 'TS2367'],
    ['writing to the event', detection('okta/plain', "rule: (event) => { event.uuid = 'x'; return true; }"), 'TS2540'],
    [
      'writing deep into the event',
      detection('okta/plain', "rule: (event) => { if (event.target?.[0]) event.target[0].id = 'x'; return true; }"),
      'TS2540',
    ],
    [
      'sorting what the event holds',
      detection('okta/plain', 'rule: (event) => (event.target?.sort().length ?? 0) > 0'),
      'TS2339',
    ],
    ['no boolean', detection('okta/plain', 'rule: (event) => event.uuid'), 'TS2322'],
    ['an unknown level', detection('okta/plain', "level: () => 'severe'"), 'TS2322'],
    ['async', detection('okta/plain', 'rule: async () => true'), 'TS2322'],
    ['a context column that is missing', context('{ raw: 1 }'), "Property 'member' is missing"],
    ['a context column of the wrong type', context('{ member: 7, raw: 1 }'), 'TS2322'],
    ['context without columns', detection('okta/plain', 'context: () => ({ member: 1 })'), 'TS2322'],
    ['a misspelt context column', context('{ member: null, raw: 1, cuont: 2 }'), 'no column'],
    [
      'a misspelt context column behind a return',
      detection(
        'okta/context',
        'context(event) { if (event.uuid) return { member: "", raw: 1, cuont: 2 }; return undefined; }',
      ),
      'no column',
    ],
    ['the browser', detection('okta/plain', 'rule: () => document.title === "x"'), 'TS2584'],
    ['Node', detection('okta/plain', 'rule: () => Buffer.length > 0'), 'TS2591'],
    ['what margay does not export', "import { compileContent } from 'margay';\ncompileContent;", 'TS2305'],
  ])('%s', async (_, text, expected) => {
    const root = contentFolder({ 'detections/a.ts': text });
    const { problems } = await checkTypes({ root, files: ['detections/a.ts'], types });
    const [problem, ...others] = problems;
    expect(problem).toMatchObject({ code: 'COMPILE_TYPE_ERROR', where: { file: 'detections/a.ts' } });
    expect(problem?.message).toContain(expected);
    expect(others).toEqual([]);
  });
});

it('an expectation of an error that does not come is an error', async () => {
  expect(
    await check({
      'detections/a.ts': detection('okta/plain', "// @ts-expect-error\nrule: (event) => event.uuid === 'a'"),
    }),
  ).toEqual(["COMPILE_TYPE_ERROR detections/a.ts:3:1 Unused '@ts-expect-error' directive. (TS2578)"]);
});

it('what files import is checked, and the configuration', async () => {
  const root = contentFolder({
    'detections/a.ts': `import { n } from './_n.ts';\n${detection('okta/plain', 'rule: () => n')}`,
    'detections/_n.ts': 'export const n: boolean = 1;',
    'margay.config.ts': `import { defineConfig, env } from 'margay';
export default defineConfig({
  destinations: {
    a: { type: 'slack', webhookUrl: 'https://hooks.example.com' },
    b: { type: 'webhook', url: env('X'), levels: ['medium+', 'severe'] },
  },
  default: 'c',
});`,
  });
  const { problems } = await checkTypes({ root, files: ['detections/a.ts'], types });
  expect(problems.map(({ where }) => where && formatWhere(where)).sort()).toEqual([
    'detections/_n.ts:1:14',
    'margay.config.ts:4:25',
    'margay.config.ts:5:62',
    'margay.config.ts:7:3',
  ]);
});

it.each([
  ["logTypes: { 'Okta.SystemLogs': { silentAfter: '2h' } }", "''Okta.SystemLogs'' does not exist in type"],
  ["logTypes: { 'Okta.SystemLog': { silentAftr: '2h' } }", "Did you mean to write 'silentAfter'?"],
  ["logTypes: { 'Okta.SystemLog': { silentAfter: 2 } }", "Type 'number' is not assignable to type 'string'."],
  ["tables: { rule_match: { retention: '400d' } }", "Did you mean to write 'rule_matches'?"],
])('the configuration knows its log types and tables: %s', async (setting, expected) => {
  const text = `import { defineConfig } from 'margay';\nexport default defineConfig({ destinations: {}, ${setting} });\n`;
  const problems = await check({ 'margay.config.ts': text });
  expect(problems).toEqual([expect.stringContaining('COMPILE_TYPE_ERROR margay.config.ts:2:')]);
  expect(problems[0]).toContain(expected);
});

it('a right configuration compiles, a syntax error is one', async () => {
  expect(
    await check({
      'margay.config.ts': `import { defineConfig, env } from 'margay';
export default defineConfig({
  destinations: { a: { type: 'slack', webhookUrl: env('X'), levels: ['medium+'] }, b: { type: 'stdout' } },
  default: 'b',
  logTypes: { 'Okta.SystemLog': { silentAfter: '2h' }, 'AWS.CloudTrail': { retention: '365d', archive: '30d' } },
  tables: { rule_matches: { retention: '400d' } },
});`,
      'detections/a.ts': 'export const x = ;',
    }),
  ).toEqual(['COMPILE_CODE_SYNTAX detections/a.ts:1:18 Not valid TypeScript: Expression expected.']);
});
