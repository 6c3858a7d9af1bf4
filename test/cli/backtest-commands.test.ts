import { afterEach, describe, expect, it } from 'vitest';
import type { Backfill } from '../../framework/model/backfill.ts';
import type { BacktestReport, Comparison } from '../../framework/model/backtest.ts';
import { type Answer, type AnsweringServer, startAnsweringServer } from './answering-server.ts';
import { runMargay } from './run-margay.ts';

const counts = (before: number | null, after: number, both: number): Comparison => ({
  ...{ before, after, both },
  onlyBefore: (before ?? 0) - both,
  onlyAfter: after - both,
});

const report: BacktestReport = {
  detectionId: 'okta/password-spray',
  window: { from: '2026-05-31T12:00:00.000Z', until: '2026-06-30T12:00:00.000Z' },
  digest: `sha256:${'c'.repeat(64)}`,
  against: { digest: `sha256:${'d'.repeat(64)}`, serial: 4 },
  method: 'code',
  candidates: 10_240,
  downstream: [
    {
      queryId: 'okta/sprays-by-network',
      runs: 30,
      rows: counts(40, 44, 38),
      days: [
        { day: '2026-06-01', rows: counts(20, 20, 20) },
        { day: '2026-06-02', rows: counts(20, 24, 18) },
      ],
      detections: [
        {
          detectionId: 'okta/spraying-network',
          matches: counts(40, 44, 38),
          alerts: counts(3, 4, 3),
          days: [
            { day: '2026-06-01', matches: counts(20, 20, 20), alerts: counts(2, 2, 2) },
            { day: '2026-06-02', matches: counts(20, 24, 18), alerts: counts(1, 2, 1) },
          ],
          errors: [{ side: 'before', functionName: 'title', errorClass: 'TypeError', count: 1 }],
          stopped: [],
        },
      ],
    },
  ],
  matches: counts(1_200, 1_340, 1_180),
  alerts: counts(12, 15, 11),
  days: [
    { day: '2026-06-01', matches: counts(1_000, 1_100, 1_000), alerts: counts(8, 9, 8) },
    { day: '2026-06-02', matches: counts(200, 240, 180), alerts: counts(4, 6, 3) },
  ],
  errors: [{ side: 'after', functionName: 'rule', errorClass: 'TypeError', count: 2 }],
  stopped: [],
  values: {
    both: { dedup: [{ value: '198.51.100.7', count: 3 }] },
    onlyBefore: {},
    onlyAfter: { 'context.account': [{ value: 'bart@example.com\u001b[2J', count: 2 }] },
  },
  samples: {
    both: [],
    onlyBefore: [],
    onlyAfter: [
      {
        eventTime: '2026-06-01T10:00:00.000Z',
        rowId: 'a'.repeat(32),
        title: 'Password spraying from 198.51.100.7',
        dedup: '198.51.100.7',
        context: {},
        event: { eventType: 'user.session.start' },
      },
    ],
  },
  notes: ['The events of Okta.SystemLog are as the live bundle reads them.'],
};
const alone: BacktestReport = {
  ...report,
  against: null,
  method: 'sql',
  matches: counts(null, 7, 0),
  alerts: null,
  days: [{ day: '2026-06-01', matches: counts(null, 7, 0), alerts: null }],
  downstream: [
    {
      ...{ queryId: 'okta/sprays-by-network', runs: 1, detections: [] },
      ...{ rows: counts(null, 2, 0), days: [{ day: '2026-06-01', rows: counts(null, 2, 0) }] },
    },
  ],
  ...{ errors: [], notes: [], values: undefined, samples: undefined },
};
const done: Backfill = {
  backfillId: 'b'.repeat(32),
  ruleId: 'okta/password-spray',
  ruleVersion: 'v',
  window: report.window,
  isDryRun: false,
  status: 'done',
  days: { done: 31, total: 31 },
  written: 1_200,
  known: 3,
  errors: [],
  error: null,
  actor: 'api 127.0.0.1',
  startedAtMs: 0,
  updatedAtMs: 0,
};

const servers: AnsweringServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function ask(args: readonly string[], answer: (path: string) => Answer) {
  const server = await startAnsweringServer(({ path }) => answer(path));
  servers.push(server);
  const result = await runMargay([...args, '--url', server.url]);
  return { ...result, told: `${result.stdout}--- stderr\n${result.stderr}`, requests: server.requests };
}

const lines = (...values: readonly unknown[]): Answer => ({
  text: values.map((value) => `${JSON.stringify(value)}\n\n`).join(''),
});
const progress = { kind: 'progress', phase: 'events', done: 7, total: null };

describe('margay backtest', () => {
  it.each<readonly [name: string, answered: BacktestReport, code: number]>([
    ['backtest', report, 1],
    ['backtest-alone', alone, 0],
  ])('shows %s', async (name, answered, code) => {
    const asked = await ask(['backtest', 'okta/password-spray'], () =>
      lines(progress, { kind: 'report', report: answered }),
    );
    expect(asked.code).toBe(code);
    await expect(asked.told).toMatchFileSnapshot(`golden/runtime/${name}.txt`);
  });

  it('asks for what its options say, and prints the report as JSON', async () => {
    const options = ['--days', '90', '--until', '2026-06-30', '--against', 'none', '--values', '--samples', '--json'];
    const asked = await ask(['backtest', 'okta/password-spray', ...options], () =>
      lines({ kind: 'report', report: alone }),
    );
    expect(JSON.parse(asked.stdout)).toEqual(JSON.parse(JSON.stringify(alone)));
    const [request] = asked.requests;
    expect([request?.method, request?.path]).toEqual(['POST', '/v1/backtests']);
    const { envelope, ...rest } = JSON.parse(request?.body.toString() ?? '');
    expect(envelope.digest).toMatch(/^sha256:/);
    expect(rest).toEqual({
      detectionId: 'okta/password-spray',
      days: 90,
      until: '2026-06-30T00:00:00.000Z',
      against: 'none',
      values: true,
      samples: true,
    });
  });

  it('tells why the runtime gave up after it had begun', async () => {
    const problem = { code: 'RUNTIME_TRIAL_FAILED', detail: 'It took longer than 900 s.', status: 422 };
    const asked = await ask(['backtest', 'okta/password-spray'], () => lines(progress, { kind: 'failed', problem }));
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain('RUNTIME_TRIAL_FAILED');
  });

  it('does not take half an answer for one', async () => {
    const asked = await ask(['backtest', 'okta/password-spray'], () => lines(progress));
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain('CLI_RUNTIME_ANSWER_INVALID');
  });
});

describe('margay backfill', () => {
  const answering =
    (backfill: Backfill) =>
    (path: string): Answer =>
      path === '/v1/backfills'
        ? { json: { ...backfill, status: 'running', backfills: [backfill] } }
        : { json: backfill };

  it.each<readonly [name: string, backfill: Backfill, code: number]>([
    ['backfill', done, 0],
    [
      'backfill-dry-run',
      { ...done, isDryRun: true, errors: [{ functionName: 'rule', errorClass: 'TypeError', count: 1 }] },
      0,
    ],
    ['backfill-failed', { ...done, status: 'failed', days: { done: 4, total: 31 }, error: 'The disk is full.' }, 1],
    ['backfill-stopped', { ...done, status: 'stopped', days: { done: 4, total: 31 } }, 130],
  ])('shows %s', async (name, backfill, code) => {
    const asked = await ask(['backfill', 'okta/password-spray', '--days', '31'], answering(backfill));
    expect(asked.code).toBe(code);
    await expect(asked.told).toMatchFileSnapshot(`golden/runtime/${name}.txt`);
    expect(asked.requests[0]?.body.toString()).toBe('{"detectionId":"okta/password-spray","days":31,"dryRun":false}');
  });
});
