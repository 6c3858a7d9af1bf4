import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import type { Clock } from '../../framework/model/clock.ts';
import { maxMuteMs } from '../../framework/model/mute.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { sampleBundle, sampleDetection } from './detect/sample-bundle.ts';

const startMs = Date.UTC(2026, 5, 30, 12);
const hourMs = 3_600_000;
const reason = 'a migration';

let folder: string;
let runtime: Runtime;
let client: RuntimeClient;
let nowMs: number;
let written: string[];
let sent: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-mutes-'));
  [nowMs, written, sent] = [startMs, [], 0];
  const clock: Clock = { now: () => nowMs };
  const write = (text: string): void => void written.push(text);
  runtime = await startRuntime({ directory: join(folder, 'data'), port: 0, env: {}, clock, write });
  client = connect({ url: runtime.url });
  const detection = sampleDetection({
    id: 'test/noisy',
    firstId: 'test/noisy',
    dedup: { by: ['user'], periodMs: hourMs },
  });
  const routing = {
    destinations: [{ name: 'terminal', type: 'stdout', levels: ['medium' as const], settings: {} }],
  };
  const content = canonicalJson({ ...sampleBundle({ detections: [detection] }), routing });
  await client.publish({ digest: sha256Digest(content), content }, 0);
}, 30_000);

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends an event of a user, and waits until what comes of it is delivered. @returns How many messages were written. */
async function event(user: string): Promise<number> {
  const before = written.length;
  const body = Buffer.from(JSON.stringify({ uuid: `e${sent}`, time: new Date(nowMs).toISOString(), user }));
  await client.ingest({ logType: 'Test.Log', key: `k${sent++}`, source: 'test', body });
  await runtime.settled();
  return written.length - before;
}

it('a mute stops delivery only, says so on the alert, and ends by itself', async () => {
  expect(await event('ann')).toBeGreaterThan(0);
  const muted = await client.mute({ ruleId: 'test/noisy', forMs: 4 * hourMs, reason });
  expect(muted).toMatchObject({ untilMs: startMs + 4 * hourMs, by: 'api 127.0.0.1', reason });
  expect((await client.status()).mutes).toEqual([muted]);
  expect(await event('bob')).toBe(0);
  expect(await event('bob')).toBe(0);
  const { alerts } = await client.alerts({ limit: 10 });
  expect(alerts.find(({ dedup }) => dedup.includes('bob'))).toMatchObject({
    matchCount: 2,
    muted: { by: 'api 127.0.0.1', reason, untilMs: startMs + 4 * hourMs },
  });
  expect(alerts.find(({ dedup }) => dedup.includes('ann'))?.muted).toBeUndefined();
  nowMs += 4 * hourMs;
  expect(await client.mutes()).toEqual({ mutes: [] });
  expect(await event('cyd')).toBeGreaterThan(0);
});

it('a mute of one key leaves the others, and is lifted with its key; both are in the audit', async () => {
  await event('ann');
  const dedup = (await client.alerts({ limit: 1 })).alerts[0]?.dedup as string;
  await client.mute({ ruleId: 'test/noisy', dedup, forMs: hourMs, reason });
  nowMs += hourMs - 1;
  await expect(client.unmute({ ruleId: 'test/noisy' })).rejects.toMatchObject({ code: 'API_MUTE_UNKNOWN' });
  expect(await event('bob')).toBeGreaterThan(0);
  await client.unmute({ ruleId: 'test/noisy', dedup });
  nowMs += hourMs;
  expect(await event('ann')).toBeGreaterThan(0);
  const { rows } = await client.query("SELECT action FROM audit WHERE action <> 'publish' ORDER BY happened_at", 10);
  expect(rows).toEqual([{ action: 'mute' }, { action: 'unmute' }]);
});

it('only what is live can be muted, for seven days at most, with a reason', async () => {
  const ruleId = 'test/noisy';
  await expect(client.mute({ ruleId: 'test/other', forMs: 1, reason })).rejects.toMatchObject({
    code: 'API_DETECTION_UNKNOWN',
  });
  for (const flawed of [
    { forMs: maxMuteMs + 1, reason },
    { forMs: 1, reason: ' ' },
  ]) {
    await expect(client.mute({ ruleId, ...flawed })).rejects.toMatchObject({ code: 'API_REQUEST_INVALID' });
  }
  expect(await client.mute({ ruleId, forMs: maxMuteMs, reason })).toMatchObject({ untilMs: nowMs + maxMuteMs });
});
