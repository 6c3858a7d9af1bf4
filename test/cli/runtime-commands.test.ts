import { afterEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../framework/model/alert.ts';
import type { DeliveryList, DeliveryReport } from '../../framework/model/delivery.ts';
import type { QueryResult } from '../../framework/model/lake.ts';
import type { QueryRun } from '../../framework/model/query-run.ts';
import type { AlertDetail, AlertList, StatusReport } from '../../framework/runtime/api/index.ts';
import { type Answer, type AnsweringServer, startAnsweringServer } from './answering-server.ts';
import { runMargay } from './run-margay.ts';

const atMs = Date.UTC(2026, 2, 1, 10, 0, 0);

const alert: Alert = {
  alertId: '3f2a9c417be05d183f2a9c417be05d18',
  ruleId: 'okta/mfa-bypass-repeated',
  kind: 'scheduled',
  stage: 'live',
  title: 'bart@example.com was added to Bypass MFA 3 times\u001b[2J',
  level: 'high',
  dedup: 'bart@example.com',
  status: 'open',
  createdAtMs: atMs + 60_000,
  updatedAtMs: atMs + 60_000,
  firstEventTimeMs: atMs - 86_400_000,
  lastEventTimeMs: atMs,
  matchCount: 3,
  destinations: ['slack'],
  context: { member: 'bart@example.com', adds: 3, groups: ['Bypass MFA'] },
  summaries: {
    p_any_emails: {
      distinct: 7,
      top: [
        { value: 'bart@example.com', count: 3 },
        { value: 'it@example.com', count: 2 },
      ],
    },
  },
  description: 'A user was put into the bypass group again and again.\nEach add switches MFA off.',
  runbook: '1. Ask IT why.\n2. Remove the user.',
  references: ['https://example.com/runbooks/bypass'],
  tags: ['attack.t1556.006'],
  owners: ['@identity'],
  notifications: 1,
};
const silent: Alert = {
  ...alert,
  alertId: 'a'.repeat(32),
  title: 'Added',
  level: 'informational',
  matchCount: 1_234,
  destinations: [],
};
const list: AlertList = { alerts: [alert, silent], truncated: true };
const failedDelivery: DeliveryReport = {
  key: `${'e'.repeat(32)}/slack`,
  notificationId: 'e'.repeat(32),
  alertId: alert.alertId,
  destination: 'slack',
  status: 'failed',
  attempts: 9,
  updatedAtMs: atMs,
  error: 'HTTP 500\u001b[2J',
};
const detail: AlertDetail = {
  alert,
  evidence: [
    { eventTimeMs: atMs, title: 'Added', context: { member: 'bart@example.com' }, event: { adds: 3, note: '\u0007' } },
  ],
  deliveries: [failedDelivery],
};
const deliveries: DeliveryList = {
  deliveries: [failedDelivery, { ...failedDelivery, key: `${'f'.repeat(32)}/hook`, status: 'delivered', error: null }],
  truncated: true,
};
const run: QueryRun = {
  runId: 'b'.repeat(32),
  queryId: 'okta/mfa-bypass-adds-by-user',
  scheduledAtMs: atMs,
  trigger: 'manual',
  status: 'succeeded',
  attempts: 1,
  rowCount: 2,
};
const failedRun: QueryRun = {
  ...run,
  status: 'failed',
  rowCount: undefined,
  error: 'LAKE_QUERY_TIMEOUT: it took longer than 60 s',
};
const scheduledRun: QueryRun = {
  ...{ ...run, trigger: 'schedule' },
  ...{ startedAtMs: atMs + 60_000, finishedAtMs: atMs + 61_400, truncated: true },
};
const staleRun: QueryRun = {
  ...{ ...scheduledRun, status: 'skipped', rowCount: 0, truncated: false, staleSources: ['Okta.SystemLog'] },
  error: 'SCHEDULE_SOURCE_STALE: Okta.SystemLog is silent, so that no rows are no proof of quiet.',
};
const scheduled = [
  { queryId: 'okta/by-hand', nextAtMs: atMs, lastRun: { ...run, actor: 'dana\u0007' } },
  { queryId: 'okta/fine', nextAtMs: atMs + 3_600_000, lastRun: scheduledRun },
  { queryId: 'okta/late', nextAtMs: atMs, lastRun: { ...scheduledRun, staleSources: ['Okta.SystemLog'] } },
  { queryId: 'okta/stale', nextAtMs: atMs, lastRun: staleRun },
  { queryId: 'okta/wrong', nextAtMs: atMs, lastRun: { ...failedRun, trigger: 'schedule' as const, attempts: 3 } },
];
const rows: QueryResult = {
  columns: [
    { name: 'member', type: 'VARCHAR' },
    { name: 'adds', type: 'BIGINT' },
    { name: 'context', type: 'JSON' },
  ],
  rows: [
    { member: 'bart@example.com', adds: 3, context: { a: 1 } },
    { member: 'carla, "C"', adds: 12, context: null },
  ],
  truncated: true,
  cost: { rowsScanned: 9_216, bytesScanned: 1_440_000, durationMs: 12.4 },
};
const healthy: StatusReport = {
  version: '0.1.0',
  startedAtMs: atMs,
  live: {
    digest: `sha256:${'c'.repeat(64)}`,
    serial: 4,
    activatedAtMs: atMs,
    commit: 'd'.repeat(40),
    detectionCount: 7,
    queryCount: 1,
    frozen: null,
  },
  log: { end: 4_096 },
  consumers: [
    { name: 'detect', position: 4_096, idle: true, stalledBy: null },
    { name: 'lake', position: 2_048, idle: false, stalledBy: null },
  ],
  queries: [{ queryId: 'okta/mfa-bypass-adds-by-user', nextAtMs: atMs + 3_600_000, lastRun: run }],
  logTypes: [
    { logType: 'Acme.Audit', lastReceivedAtMs: null, silentAfterMs: 7_200_000, silentSinceMs: null },
    { logType: 'Okta.SystemLog', lastReceivedAtMs: atMs, silentAfterMs: null, silentSinceMs: null },
  ],
  mutes: [],
  quarantined: [],
  deliveries: { pending: 1, failed: 0 },
  deadLetterCount: 2,
  expired: [
    { table: 'okta_systemlog', rowCount: 1_204, bytes: 90_000, throughDay: '2025-06-29', expiredAtMs: 0 },
    { table: 'rule_matches', rowCount: 1, bytes: 900, throughDay: '2025-05-25', expiredAtMs: 0 },
  ],
  ruleErrors: [],
  missingSecrets: [],
};
const ailing: StatusReport = {
  ...healthy,
  live: { digest: null, serial: 0, activatedAtMs: null, commit: null, detectionCount: 0, queryCount: 0, frozen: null },
  queries: [{ queryId: 'okta/mfa-bypass-adds-by-user', nextAtMs: null, lastRun: failedRun }],
  logTypes: [{ logType: 'Acme.Audit', lastReceivedAtMs: atMs, silentAfterMs: 7_200_000, silentSinceMs: atMs }],
  mutes: [],
  quarantined: [
    { ruleId: 'okta/slow', version: 'v', reason: '`rule` did not return within 1 s.', quarantinedAtMs: atMs },
  ],
  deliveries: { pending: 0, failed: 2 },
  missingSecrets: ['SLACK_WEBHOOK_URL'],
};

const servers: AnsweringServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function ask(args: readonly string[], answer: Answer, input?: string) {
  const server = await startAnsweringServer(() => answer);
  servers.push(server);
  const options = input === undefined ? {} : { input };
  const result = await runMargay([...args, '--url', server.url], options);
  const told = `${result.stdout}--- stderr\n${result.stderr}`.replaceAll(server.url, 'http://127.0.0.1:7430');
  return { ...result, told, requests: server.requests };
}

describe('what people see', () => {
  it.each<readonly [name: string, args: readonly string[], answer: unknown, code: number]>([
    ['alerts', ['alerts'], list, 0],
    ['no-alerts', ['alerts'], { alerts: [], truncated: false }, 0],
    ['alert', ['alerts', 'show', '3f2a9c41'], detail, 0],
    ['deliveries', ['deliveries'], deliveries, 0],
    ['replay', ['deliveries', 'replay', '--all'], { replayed: 2 }, 0],
    ['quarantine', ['quarantine'], ailing, 0],
    ['no-quarantine', ['quarantine'], healthy, 0],
    ['lift', ['quarantine', 'lift', 'okta/slow'], { ruleId: 'okta/slow', version: 'v' }, 0],
    ['query', ['query', 'SELECT 1'], rows, 0],
    ['query-csv', ['query', 'SELECT 1', '--csv'], rows, 0],
    ['query-quiet', ['query', 'SELECT 1', '--quiet'], { ...rows, truncated: false }, 0],
    ['status', ['status'], healthy, 0],
    ['status-ailing', ['status'], ailing, 1],
    ['schedule', ['schedule'], { queries: scheduled }, 0],
    ['schedule-empty', ['schedule'], { queries: [] }, 0],
    [
      'schedule-query',
      ['schedule', 'okta/mfa-bypass-adds-by-user'],
      { runs: scheduled.map(({ lastRun }) => lastRun) },
      0,
    ],
    ['run', ['schedule', 'run', 'okta/mfa-bypass-adds-by-user'], run, 0],
    ['run-failed', ['schedule', 'run', 'okta/mfa-bypass-adds-by-user'], failedRun, 1],
  ])('%s', async (name, args, answer, code) => {
    const asked = await ask(args, { json: answer });
    expect(asked.code).toBe(code);
    await expect(asked.told).toMatchFileSnapshot(`golden/runtime/${name}.txt`);
  });
});

it.each<readonly [args: readonly string[], answer: unknown]>([
  [['alerts'], list],
  [['alerts', 'show', '3f2a9c41'], detail],
  [['deliveries'], deliveries],
  [['deliveries', 'replay', 'n/slack'], { replayed: 1 }],
  [['quarantine', 'lift', 'okta/slow'], { ruleId: 'okta/slow', version: 'v' }],
  [['query', 'SELECT 1'], rows],
  [['status'], healthy],
  [['schedule', 'run', 'okta/adds'], run],
])('%j --json prints what the API answers', async (args, answer) => {
  const { stdout } = await ask([...args, '--json'], { json: answer });
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(answer)));
});

it('what was asked reaches the runtime', async () => {
  const seen = async (args: readonly string[], answer: unknown, input?: string) => {
    const { requests } = await ask(args, { json: answer }, input);
    return requests.map(({ method, path, body }) => [method, path, body.toString()]);
  };
  const filters = ['--level', 'high+', '--rule', 'okta/a', '--status', 'open', '--limit', '5'];
  expect(await seen(['alerts', ...filters], list)).toEqual([
    ['GET', '/v1/alerts?limit=5&level=high%2B&ruleId=okta%2Fa&status=open&stage=live', ''],
  ]);
  expect(await seen(['alerts', 'show', '3f2a9c41'], detail)).toEqual([['GET', '/v1/alerts/3f2a9c41', '']]);
  expect(await seen(['deliveries', '--status', 'failed', '--limit', '5'], deliveries)).toEqual([
    ['GET', '/v1/deliveries?limit=5&status=failed', ''],
  ]);
  expect(await seen(['deliveries', 'replay', 'n/slack'], { replayed: 1 })).toEqual([
    ['POST', '/v1/deliveries/replay', '{"key":"n/slack"}'],
  ]);
  expect(await seen(['deliveries', 'replay', '--all'], { replayed: 1 })).toEqual([
    ['POST', '/v1/deliveries/replay', '{"all":true}'],
  ]);
  expect(await seen(['quarantine', 'lift', 'okta/slow'], { ruleId: 'okta/slow', version: 'v' })).toEqual([
    ['POST', '/v1/quarantine/lift', '{"ruleId":"okta/slow"}'],
  ]);
  expect(await seen(['query', '-', '--max-rows', '7'], rows, 'SELECT 1')).toEqual([
    ['POST', '/v1/query', '{"sql":"SELECT 1","maxRows":7}'],
  ]);
  expect(await seen(['schedule', 'run', 'okta/adds', '--at', '2026-03-01T06:00:00+01:00'], run)).toEqual([
    ['POST', '/v1/queries/runs', '{"query":"okta/adds","scheduledAt":"2026-03-01T05:00:00.000Z"}'],
  ]);
  expect(await seen(['schedule', 'run', 'okta/adds', '--at', '2026-03-01T06:00:00'], run)).toEqual([
    ['POST', '/v1/queries/runs', '{"query":"okta/adds","scheduledAt":"2026-03-01T06:00:00.000Z"}'],
  ]);
});

it.each([[[]], [['n/slack', '--all']]])('deliveries replay %j is neither one nor all', async (args) => {
  const { code, stderr, requests } = await ask(['deliveries', 'replay', ...args], { json: {} });
  expect({ code, requests }).toEqual({ code: 3, requests: [] });
  expect(stderr).toContain('CLI_ARGUMENTS_INVALID');
});

it('quarantine --json prints what is stopped', async () => {
  const { stdout } = await ask(['quarantine', '--json'], { json: ailing });
  expect(JSON.parse(stdout)).toEqual({ quarantined: ailing.quarantined });
});

it('colours are for terminals, or where they are asked for', async () => {
  const server = await startAnsweringServer(() => ({ json: list }));
  servers.push(server);
  const colored = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
    (await runMargay(['alerts', ...args, '--url', server.url], { env })).stdout.includes('\u001b[');
  expect(await colored([], {})).toBe(false);
  expect(await colored([], { FORCE_COLOR: '1' })).toBe(true);
  expect(await colored(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
  expect(await colored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});

it('the token comes from the environment', async () => {
  const server = await startAnsweringServer(() => ({ json: list }));
  servers.push(server);
  const args = ['alerts', '--url', server.url];
  await runMargay(args, { env: { MARGAY_TOKEN: 'one' } });
  await runMargay([...args, '--token-env', 'OTHER'], { env: { MARGAY_TOKEN: 'one', OTHER: 'two' } });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
});
