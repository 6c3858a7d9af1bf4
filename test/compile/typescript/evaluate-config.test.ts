import { describe, expect, it } from 'vitest';
import { evaluateConfig } from '../../../framework/compile/typescript/index.ts';
import { formatWhere } from '../../../framework/model/margay-error.ts';
import { contentFolder } from './content-folder.ts';

const file = 'margay.config.ts';

const evaluate = (text: string, others: Readonly<Record<string, string>> = {}) =>
  evaluateConfig({ root: contentFolder({ [file]: text, ...others }), file });

const config = (body: string): string => `import { defineConfig, env } from 'margay';

export default defineConfig({
${body}
});
`;

const byDefault = {
  destinations: [{ name: 'stdout', type: 'stdout', levels: ['low', 'medium', 'high', 'critical'], settings: {} }],
  defaultDestination: 'stdout',
};

describe('routing', () => {
  it('without a configuration, alerts go to standard output', async () => {
    expect(await evaluateConfig({ root: contentFolder({}), file: undefined })).toEqual({
      routing: byDefault,
      logTypes: [],
      retention: {},
      policies: { severities: {}, waivers: [] },
      files: [],
      problems: [],
    });
  });

  it('is sorted by name; secrets stay names; the first declared takes what is lost', async () => {
    const { routing, problems } = await evaluate(
      config(`  destinations: {
    terminal: { type: 'stdout' },
    slack: { type: 'slack', webhookUrl: env('SLACK_WEBHOOK_URL'), levels: ['medium+'] },
    siem: { type: 'webhook', url: 'https://siem.example.com/in', headers: { Authorization: env('TOKEN'), 'X-Team': 'blue' }, levels: ['low', 'critical'] },
    audit: { type: 'file', path: 'alerts.ndjson', levels: [] },
  },`),
    );
    expect(problems).toEqual([]);
    expect(routing).toEqual({
      destinations: [
        { name: 'audit', type: 'file', levels: [], settings: { path: 'alerts.ndjson' } },
        {
          name: 'siem',
          type: 'webhook',
          levels: ['low', 'critical'],
          settings: {
            url: 'https://siem.example.com/in',
            headers: { Authorization: { env: 'TOKEN' }, 'X-Team': 'blue' },
          },
        },
        {
          name: 'slack',
          type: 'slack',
          levels: ['medium', 'high', 'critical'],
          settings: { webhookUrl: { env: 'SLACK_WEBHOOK_URL' } },
        },
        { name: 'terminal', type: 'stdout', levels: ['low', 'medium', 'high', 'critical'], settings: {} },
      ],
      defaultDestination: 'terminal',
    });
  });

  it('may be computed, and spread over files', async () => {
    const { routing, problems } = await evaluate(
      `import { defineConfig } from 'margay';
import { teams } from './teams.ts';
export default defineConfig({
  destinations: Object.fromEntries(teams.map((team) => [team, { type: 'file', path: \`\${team}.ndjson\` }])),
  default: 'red',
});`,
      { 'teams.ts': "export const teams = ['red', 'blue'];" },
    );
    expect(problems).toEqual([]);
    expect(routing.destinations.map(({ name }) => name)).toEqual(['blue', 'red']);
    expect(routing.defaultDestination).toBe('red');
  });
});

it('settings of log types and the retention of tables are in milliseconds, with the place of each name', async () => {
  const { logTypes, retention, problems } = await evaluate(
    config(`  destinations: {},
  logTypes: { 'Okta.SystemLog': { retention: '365d', archive: '0d', silentAfter: '2h' }, 'Acme.Audit': {} },
  tables: { rule_matches: { retention: '400d' } },`),
  );
  expect(problems).toEqual([]);
  const [hour, day] = [3_600_000, 86_400_000];
  expect(logTypes).toEqual([
    {
      name: 'Okta.SystemLog',
      settings: { retentionMs: 365 * day, archiveMs: 0, silentAfterMs: 2 * hour },
      where: { file, line: 5, col: 15 },
    },
    { name: 'Acme.Audit', settings: {}, where: { file, line: 5, col: 90 } },
  ]);
  expect(retention).toEqual({ rule_matches: 400 * day });
});

describe('what is wrong is named, with its place, all at once', () => {
  it.each<[string, string, readonly string[]]>([
    ['no export', 'export const x = 1;', ['COMPILE_CONFIG_EXPORT 1:1']],
    ['no data', 'const a: any = {}; a.a = a;\nexport default a;', ['COMPILE_CONFIG_EXPORT 2:16']],
    ['a text', "export default 'slack';", ['COMPILE_CONFIG_EXPORT 1:16']],
    ['a syntax error', 'export default {', ['COMPILE_CODE_SYNTAX 1:17']],
    [
      'impure code',
      config("  destinations: { a: { type: 'slack', webhookUrl: process.env.URL } },"),
      ['COMPILE_GLOBAL_FORBIDDEN 4:51'],
    ],
    ['code that throws', "const x = JSON.parse('{');\nexport default x;", ['COMPILE_CODE_THREW 1:16']],
    ['a missing key', config(''), ['COMPILE_KEY_MISSING 3:16']],
    ['an unknown key', config('  destinations: {},\n  defualt: "a",'), ['COMPILE_KEY_UNKNOWN 5:3']],
    [
      'an unknown default',
      config("  destinations: { a: { type: 'stdout' } },\n  default: 'b',"),
      ['COMPILE_DESTINATION_UNKNOWN 5:12'],
    ],
    [
      'an unknown type',
      config("  destinations: { a: { type: 'slak' }, b: { levels: [] } },"),
      ['COMPILE_VALUE_INVALID 4:30', 'COMPILE_KEY_MISSING 4:40'],
    ],
    [
      'an unknown setting',
      config("  destinations: { a: { type: 'stdout', colour: true } },"),
      ['COMPILE_KEY_UNKNOWN 4:40'],
    ],
    [
      'an unknown level',
      config("  destinations: { a: { type: 'stdout', levels: ['low', 'warning+'] } },"),
      ['COMPILE_VALUE_INVALID 4:56'],
    ],
    ['a bad name', config("  destinations: { 'a b': { type: 'stdout' } },"), ['COMPILE_VALUE_INVALID 4:26']],
    [
      'a bad variable',
      config("  destinations: { a: { type: 'slack', webhookUrl: env('MY URL') } },"),
      ['COMPILE_VALUE_INVALID 4:39'],
    ],
    ['no address', config("  destinations: { a: { type: 'webhook', url: 'siem' } },"), ['COMPILE_VALUE_INVALID 4:46']],
    [
      'a missing secret',
      config("  destinations: { a: { type: 'slack' }, b: { type: 'webhook', url: 7, secret: 7 } },"),
      ['COMPILE_KEY_MISSING 4:19', 'COMPILE_TYPE_WRONG 4:68', 'COMPILE_TYPE_WRONG 4:79'],
    ],
    [
      'a bad header',
      config("  destinations: { a: { type: 'webhook', url: 'https://siem.example.com', headers: { 'a b': 'x' } } },"),
      ['COMPILE_VALUE_INVALID 4:92'],
    ],
    [
      'settings of log types and tables',
      config(`  destinations: {},
  logTypes: {
    'Okta.SystemLog': { retention: '1 hour', archive: 30, silentAfter: '5s' },
    'Acme.Audit': { retain: '1d' },
  },
  tables: { rule_match: { retention: '1d' }, alerts: { retention: 'a year' }, audit: {} },`),
      [
        'COMPILE_VALUE_INVALID 6:36',
        'COMPILE_TYPE_WRONG 6:55',
        'COMPILE_VALUE_INVALID 6:72',
        'COMPILE_KEY_UNKNOWN 7:21',
        'MODEL_DURATION_INVALID 9:67',
        'COMPILE_KEY_MISSING 9:79',
        'COMPILE_KEY_UNKNOWN 9:13',
      ],
    ],
    [
      'secrets',
      config(`  destinations: {
    a: { type: 'slack', webhookUrl: 'https://hooks.slack.com/services/T0/B0/hush' },
    b: { type: 'webhook', url: 'https://user:hush@siem.example.com/' },
    c: { type: 'webhook', url: 'https://siem.example.com/?token=hush' },
    d: { type: 'webhook', url: 'https://siem.example.com/', headers: { Authorization: 'hush', 'X-Other': 'Bearer hush' } },
    e: { type: 'webhook', url: 'https://hooks.slack.com/services/hush' },
  },`),
      ['5:37', '6:32', '7:32', '8:87', '8:106', '9:32'].map((place) => `COMPILE_CONFIG_SECRET ${place}`),
    ],
  ])('%s', async (_, text, expected) => {
    const { problems } = await evaluate(text);
    expect(problems.map(({ code, where }) => `${code} ${where && formatWhere(where).replace(`${file}:`, '')}`)).toEqual(
      expected,
    );
    expect(JSON.stringify(problems)).not.toContain('hush');
  });

  it('what is sound is kept', async () => {
    const { routing } = await evaluate(
      config("  destinations: { a: { type: 'slak' }, b: { type: 'stdout' } },\n  default: 'b',"),
    );
    expect(routing).toMatchObject({ destinations: [{ name: 'b' }], defaultDestination: 'b' });
  });

  it('the message says what to write', async () => {
    const { problems } = await evaluate(
      config(
        "  destinations: { a: { type: 'slack', webhookUrl: 'x' }, b: { type: 'slak' }, c: { type: 'slack' } },\n  defualt: 'a',",
      ),
    );
    expect(problems.map(({ message, hint }) => [message, hint])).toMatchInlineSnapshot(`
      [
        [
          "'defualt' is not a key here.",
          "Did you mean 'default'?",
        ],
        [
          "A secret stands here in plain text. In git and in the bundle it would be everybody’s.",
          "Write \`env('SLACK_WEBHOOK_URL')\` and set the variable where the runtime runs.",
        ],
        [
          "The destination 'b' is of no known type: one of stdout, file, slack, webhook.",
          "Did you mean 'slack'?",
        ],
        [
          "The key 'webhookUrl' is missing; \`env('NAME')\` was expected.",
          undefined,
        ],
      ]
    `);
  });
});
