import { afterEach, expect, it } from 'vitest';
import type { SearchResult } from '../../framework/model/search.ts';
import { type AnsweringServer, startAnsweringServer } from './answering-server.ts';
import { runMargay } from './run-margay.ts';

const atMs = Date.UTC(2026, 2, 1, 10, 0, 0);
const found: SearchResult = {
  searched: [{ kind: 'ip', value: '198.51.100.0/24' }],
  fromMs: atMs - 86_400_000,
  untilMs: null,
  logTypes: [{ logType: 'Okta.SystemLog', eventCount: 1_234, firstMs: atMs - 3_600_000, lastMs: atMs }],
  events: [
    {
      logType: 'Okta.SystemLog',
      eventTimeMs: atMs,
      rowId: 'c'.repeat(32),
      mentions: [{ kind: 'ip', value: '198.51.100.7' }],
      summary: 'user.session.start by bart@example.com\u001b[2J (FAILURE)',
    },
  ],
  matchCount: 1,
  matches: [
    {
      ruleId: 'okta/password-spray',
      title: 'Failed sign-ins',
      level: 'high',
      alertId: 'b'.repeat(32),
      logType: 'Okta.SystemLog',
      eventTimeMs: atMs,
      matchId: 'd'.repeat(32),
      mentions: [{ kind: 'ip', value: '198.51.100.7' }],
    },
  ],
  truncated: true,
  cost: { rowsScanned: 9_216, bytesScanned: 1_440_000, durationMs: 12.4 },
};
const nothing: SearchResult = {
  ...found,
  searched: [{ kind: 'ip', value: '198.51.100.7' }],
  ...{ untilMs: atMs, logTypes: [], events: [], matchCount: 0, matches: [], truncated: false },
};

const servers: AnsweringServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function search(args: readonly string[], answer: SearchResult) {
  const server = await startAnsweringServer(() => ({ json: answer }));
  servers.push(server);
  const result = await runMargay(['search', ...args, '--url', server.url]);
  return { ...result, requests: server.requests };
}

it.each([
  ['search', '198.51.100.0/24', found],
  ['search-nothing', '198.51.100.7', nothing],
])('people see %s', async (name, indicator, answer) => {
  const { code, stdout, stderr } = await search(['--indicator', indicator], answer);
  expect(code).toBe(0);
  await expect(`${stdout}--- stderr\n${stderr}`).toMatchFileSnapshot(`golden/runtime/${name}.txt`);
});

it('--json prints what the API answers', async () => {
  const { stdout } = await search(['--indicator', 'a', '--json'], found);
  expect(JSON.parse(stdout)).toEqual(found);
});

it('what was asked reaches the runtime', async () => {
  const where = ['--type', 'email', '--since', '7d', '--log-type', 'A.B', 'C.D', '--limit', '5'];
  const { requests } = await search(['--indicator', 'a@example.com', ...where], found);
  expect(requests.map(({ method, path, body }) => [method, path, JSON.parse(body.toString())])).toEqual([
    [
      'POST',
      '/v1/search',
      { indicator: 'a@example.com', type: 'email', since: '7d', logTypes: ['A.B', 'C.D'], limit: 5 },
    ],
  ]);
});

it.each([
  [[], "'--indicator <value>'"],
  [['--indicator', 'a', '--since', 'noon'], "a duration such as '24h'"],
  [['--indicator', 'a', '--type', 'phone'], 'Allowed choices are ip'],
  [['--indicator', 'a', '--limit', '1001'], '--limit is at most 1000'],
])('%j is refused before anything is asked', async (args, told) => {
  const { code, stderr, requests } = await search(args, found);
  expect({ code, requests }).toEqual({ code: 3, requests: [] });
  expect(stderr).toContain('CLI_ARGUMENTS_INVALID');
  expect(stderr).toContain(told);
});
