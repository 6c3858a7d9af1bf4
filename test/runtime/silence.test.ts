import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { compileContent } from '../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { contentFolder } from '../compile/content/content-folder.ts';
import { soundContent } from '../compile/sound-content.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-02T10:00:00.000Z');
const config = (silentAfter: string): string => `import { defineConfig } from 'margay';
export default defineConfig({
  destinations: { terminal: { type: 'stdout' } },
  logTypes: { 'Okta.SystemLog': { silentAfter: '${silentAfter}' } },
});
`;

let folder: string;
let nowMs: number;
let runtime: Runtime;
let client: RuntimeClient;
/** What is to happen, and when. */
let timers: Map<() => void, number>;
let printed: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-silence-'));
  nowMs = start;
  printed = '';
  await open();
});

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  timers = new Map();
  const set = timers;
  runtime = await startRuntime({
    directory: join(folder, 'data'),
    port: 0,
    env: {},
    clock: { now: () => nowMs },
    startTimer: (delayMs, fire) => {
      set.set(fire, nowMs + delayMs);
      return () => void set.delete(fire);
    },
    write: (text) => {
      printed += text;
    },
  });
  client = connect({ url: runtime.url });
}

/** Lets time pass, and everything look that looks now and then. */
async function pass(durationMs: number): Promise<void> {
  nowMs += durationMs;
  for (const [fire, dueMs] of [...timers]) {
    if (dueMs > nowMs) continue;
    timers.delete(fire);
    fire();
  }
}

async function compile(silentAfter: string): Promise<BundleEnvelope> {
  const root = await contentFolder(soundContent);
  writeFileSync(join(root, 'margay.config.ts'), config(silentAfter));
  const { envelope, problems } = await compileContent({ root, types: false });
  if (!envelope) throw new Error(JSON.stringify(problems));
  return envelope;
}

async function send(key: string, fields: object = { published: '2020-01-01T00:00:00Z' }): Promise<void> {
  const body = Buffer.from(JSON.stringify({ uuid: key, eventType: 'add', target: [{ id: 'u1' }], ...fields }));
  await client.ingest({ logType: 'Okta.SystemLog', key, source: 'test', body });
}

async function silenceAlerts() {
  const { alerts } = await client.alerts({ limit: 100, level: 'high' });
  return alerts.filter(({ kind }) => kind === 'silence').map(({ alertId, status }) => ({ alertId, status }));
}

it('a source that goes quiet is told once, across a restart and a publish, until old logs come in', async () => {
  await client.publish(await compile('2h'), 0, { allowMissingSecrets: true, allowRemovals: 100 });
  await pass(hour);
  await send('a');
  await pass(2 * hour - 1);
  await runtime.settled();
  expect(await client.status()).toMatchObject({
    logTypes: [
      { logType: 'Okta.SystemLog', lastReceivedAtMs: start + hour, silentAfterMs: 2 * hour, silentSinceMs: null },
    ],
  });
  expect(await silenceAlerts()).toEqual([]);

  await pass(60_000);
  await expect.poll(silenceAlerts, { timeout: 20_000 }).toEqual([{ alertId: expect.any(String), status: 'open' }]);
  const [first] = await silenceAlerts();
  await runtime.settled();
  expect(printed.match(/is silent: no logs since/g)).toHaveLength(1);
  await runtime.close();
  await open();
  await pass(hour);
  await client.publish(await compile('1h'), 1, { allowMissingSecrets: true, allowRemovals: 100 });
  await pass(hour);
  await runtime.settled();
  expect(await silenceAlerts()).toEqual([first]);
  expect(await client.status()).toMatchObject({ logTypes: [{ silentSinceMs: start + hour }] });

  await send('b');
  await pass(60_000);
  await expect.poll(silenceAlerts, { timeout: 20_000 }).toEqual([{ ...first, status: 'resolved' }]);
  await runtime.settled();
  expect(printed.match(/is silent: no logs since/g)).toHaveLength(1);
}, 60_000);

it('a log type that never sent anything is silent from its activation', async () => {
  await pass(5 * hour);
  await client.publish(await compile('2h'), 0, { allowMissingSecrets: true, allowRemovals: 100 });
  await pass(2 * hour - 1);
  await runtime.settled();
  expect(await silenceAlerts()).toEqual([]);
  await pass(60_000);
  await expect.poll(silenceAlerts, { timeout: 20_000 }).toHaveLength(1);
  expect(printed).toContain('since 2026-03-02T15:00:00.000Z');
}, 60_000);

it('a run without rows resolves nothing while the source is silent, and is not taken for quiet', async () => {
  await client.publish(await compile('90m'), 0, { allowMissingSecrets: true, allowRemovals: 100 });
  // In the window of the query's 30 days until half past eleven.
  await send('a', { published: new Date(start - 720 * hour + 1.5 * hour).toISOString() });
  // It waits for its turn, so that the schedule has begun when it has ended.
  await client.startRun('adds-by-member', undefined);
  const runs = async () => {
    const { runs } = await client.runs('adds-by-member');
    const ended = runs.filter(({ trigger, status }) => trigger === 'schedule' && status !== 'running');
    return ended.map(({ status, rowCount, staleSources }) => [status, rowCount, staleSources]);
  };
  const repeated = async () => {
    const { alerts } = await client.alerts({ limit: 100, level: 'medium' });
    return alerts.map(({ status }) => status);
  };
  await pass(1.1 * hour);
  await expect.poll(runs, { timeout: 20_000 }).toEqual([['succeeded', 1, undefined]]);
  expect(await repeated()).toEqual(['open']);

  await pass(hour);
  await expect.poll(runs, { timeout: 20_000 }).toHaveLength(2);
  expect(await runs()).toContainEqual(['skipped', 0, ['Okta.SystemLog']]);
  expect(await repeated()).toEqual(['open']);

  await send('b', { eventType: 'other', published: new Date(nowMs).toISOString() });
  await pass(hour);
  await expect.poll(runs, { timeout: 20_000 }).toHaveLength(3);
  expect((await runs())[0]).toEqual(['succeeded', 0, undefined]);
  expect(await repeated()).toEqual(['resolved']);
}, 60_000);
