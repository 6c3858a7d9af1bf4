import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../../framework/cli/client.ts';
import { compileContent } from '../../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import { generateOktaMonth } from '../../demo/okta-month.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const kills = 30;
const batchesPerLife = 5;
const recordsPerBatch = 20;
const endMs = Date.parse('2026-06-30T12:00:00Z');

const config = `
import { defineConfig, env } from 'margay';
export default defineConfig({
  destinations: { hook: { type: 'webhook', url: env('HOOK_URL'), levels: ['informational+'] } },
  default: 'hook',
});
`;

/** A detection with many alerts, one of them only after its third match. */
const failedSignIns = `
title: Failed sign-in
level: low
logTypes: [Okta.SystemLog]
detection:
  failed: { eventType: user.session.start, outcome.result: FAILURE }
  condition: failed
dedup: { by: [actor.alternateId], period: 12h }
threshold: 2
context: { account: { from: actor.alternateId, type: string } }
`;

let folder: string;
let envelope: BundleEnvelope;
const batches: { readonly key: string; readonly body: Buffer }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-killed-'));
  const root = join(folder, 'content');
  for (const part of ['detections', 'scheduled-queries', 'fixtures'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
  writeFileSync(join(root, 'margay.config.ts'), config);
  writeFileSync(join(root, 'detections/okta/failed-sign-in.yml'), failedSignIns);
  const compiled = await compileContent({ root, types: false });
  envelope = compiled.envelope as BundleEnvelope;
  const { records } = generateOktaMonth(endMs, (kills + 2) * batchesPerLife * recordsPerBatch, 7);
  for (let i = 0; i < records.length; i += recordsPerBatch) {
    const lines = records.slice(i, i + recordsPerBatch).map((record) => JSON.stringify(record));
    batches.push({ key: `batch-${i}`, body: Buffer.from(lines.join('\n')) });
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a runtime killed 30 times at random moments ends with the same events, matches, alerts and deliveries', async () => {
  const undisturbed = await withHook((hook) => runUndisturbed(hook));
  const killed = await withHook((hook) => runKilled(hook));
  expect(undisturbed.events.length).toBeGreaterThan(kills * batchesPerLife * recordsPerBatch);
  expect(undisturbed.alerts.length).toBeGreaterThan(20);
  expect(killed.events).toEqual(undisturbed.events);
  expect(killed.matches).toEqual(undisturbed.matches);
  expect(killed.alerts).toEqual(undisturbed.alerts);
  expect(killed.notified).toEqual(undisturbed.notified);
  expect(killed.pendingOrFailed).toBe(0);
}, 900_000);

interface Outcome {
  readonly events: readonly unknown[];
  readonly matches: readonly unknown[];
  readonly alerts: readonly unknown[];
  /** Distinct notifications at the receiver: a repeat after a kill carries the same id. */
  readonly notified: readonly string[];
  readonly pendingOrFailed: number;
}

async function withHook<T>(run: (hook: HookReceiver) => Promise<T>): Promise<T> {
  const hook = await startHookReceiver();
  try {
    return await run(hook);
  } finally {
    await hook.close();
  }
}

async function runUndisturbed(hook: HookReceiver): Promise<Outcome> {
  const child = await start('undisturbed', hook);
  await child.client.publish(envelope, 0);
  for (const batch of batches) await send(child.client, batch);
  return finish(child, hook);
}

async function runKilled(hook: HookReceiver): Promise<Outcome> {
  let child = await start('killed', hook);
  await child.client.publish(envelope, 0);
  let sent = 0;
  for (let life = 0; life < kills; life++) {
    const killAfterMs = Math.random() * 250;
    const killing = sleep(killAfterMs).then(() => child.process.kill('SIGKILL'));
    const until = Math.min(batches.length, (life + 1) * batchesPerLife);
    try {
      while (sent < until) {
        await send(child.client, batches[sent] as (typeof batches)[number]);
        sent += 1;
      }
    } catch {
      // Killed before the answer: the batch may be in the log or not, and is sent again with its key.
    }
    await killing;
    await exited(child.process);
    child = await start('killed', hook);
  }
  for (; sent < batches.length; sent++) await send(child.client, batches[sent] as (typeof batches)[number]);
  // Everything once more: a sender that lost its place starts from the beginning.
  for (const batch of batches) expect((await send(child.client, batch)).duplicate).toBe(true);
  return finish(child, hook);
}

interface Child {
  readonly process: ChildProcess;
  readonly client: RuntimeClient;
}

async function start(name: string, hook: HookReceiver): Promise<Child> {
  const entry = fileURLToPath(new URL('./runtime-child.mjs', import.meta.url));
  const child = spawn(process.execPath, [entry, join(folder, name), '0'], {
    env: { PATH: process.env.PATH, HOOK_URL: hook.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
  if (!Buffer.isBuffer(line)) throw new Error(`The runtime ended with ${line} instead of starting.`);
  return { process: child, client: connect({ url: line.toString().trim() }) };
}

function send(client: RuntimeClient, { key, body }: (typeof batches)[number]) {
  return client.ingest({ logType: 'Okta.SystemLog', key, source: 'test', body });
}

async function finish({ process: child, client }: Child, hook: HookReceiver): Promise<Outcome> {
  const rows = async (sql: string) => (await client.query(sql, 100_000)).rows;
  const events = await rows('SELECT p_row_id, p_event_time FROM okta_systemlog ORDER BY p_row_id NULLS LAST');
  const matches = await rows(
    'SELECT p_match_id, p_rule_id, p_alert_id, p_dedup FROM rule_matches ORDER BY p_match_id NULLS LAST',
  );
  const alerts = await rows(
    'SELECT alert_id, rule_id, title, dedup, match_count, status FROM alerts ORDER BY alert_id NULLS LAST',
  );
  for (;;) {
    const { deliveries } = await client.status();
    if (deliveries.pending === 0) {
      child.kill('SIGTERM');
      await exited(child);
      return {
        events,
        matches,
        alerts,
        notified: [...hook.received.keys()].sort(),
        pendingOrFailed: deliveries.failed,
      };
    }
    await sleep(50);
  }
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
