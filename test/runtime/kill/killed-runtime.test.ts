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
import type { Row } from '../../../framework/model/table.ts';
import { generateOktaMonth, seededRandom } from '../../demo/okta-month.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const kills = 30;
const batchesPerLife = 5;
const recordsPerBatch = 20;
const maxLifeMs = 500;
const end = '2026-06-30T12:00:00Z';
const storyQuery = 'okta/mfa-bypass-adds-by-user';
/** Of the moments of the kills: printed when the test fails, and taken from here to see that again. */
const seed = Number(process.env.MARGAY_TEST_SEED ?? Date.now() % 1_000_000);

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
const batches: Batch[] = [];

interface Batch {
  readonly key: string;
  readonly body: Buffer;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-killed-'));
  const root = join(folder, 'content');
  for (const part of ['detections', 'scheduled-queries', 'lookups', 'fixtures'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
  writeFileSync(join(root, 'margay.config.ts'), config);
  writeFileSync(join(root, 'detections/okta/failed-sign-in.yml'), failedSignIns);
  const compiled = await compileContent({ root, types: false });
  envelope = compiled.envelope as BundleEnvelope;
  const { records } = generateOktaMonth(Date.parse(end), (kills + 2) * batchesPerLife * recordsPerBatch, 7);
  for (let i = 0; i < records.length; i += recordsPerBatch) {
    const lines = records.slice(i, i + recordsPerBatch).map((record) => JSON.stringify(record));
    batches.push({ key: `batch-${i}`, body: Buffer.from(lines.join('\n')) });
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a runtime killed 30 times at random moments ends with the same events, matches, alerts and deliveries', async () => {
  const undisturbed = await withHook((hook) => runUndisturbed(hook));
  const killed = await withHook((hook) => runKilled(hook));
  const hint = `seed ${seed}`;
  expect(undisturbed.events.length).toBeGreaterThan(kills * batchesPerLife * recordsPerBatch);
  expect(undisturbed.alerts.length).toBeGreaterThan(20);
  expect(undisturbed.alerts.filter((alert) => alert.rule_id === 'okta/mfa-bypass-repeated')).toHaveLength(1);
  expect(killed.events, hint).toEqual(undisturbed.events);
  expect(killed.matches, hint).toEqual(undisturbed.matches);
  expect(killed.alerts, hint).toEqual(undisturbed.alerts);
  expect(killed.notified, hint).toEqual(undisturbed.notified);
  expect(killed.pendingOrFailed, hint).toBe(0);
  // The kills were worth something: they came while both consumers were committing, not before anything happened.
  expect(killed.advances.detect, hint).toBeGreaterThan(5);
  expect(killed.advances.lake, hint).toBeGreaterThan(5);
}, 900_000);

interface Outcome {
  readonly events: readonly Row[];
  readonly matches: readonly Row[];
  readonly alerts: readonly Row[];
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

async function runKilled(hook: HookReceiver): Promise<Outcome & { readonly advances: Advances }> {
  const random = seededRandom(seed);
  const advances = { detect: 0, lake: 0 };
  let child = await start('killed', hook);
  await child.client.publish(envelope, 0);
  let before = await positions(child.client);
  let sent = 0;
  for (let life = 0; life < kills; life++) {
    const { process: victim, client } = child;
    // Every other life lasts until the lake has committed for a query, and a little longer.
    const ripe = life % 2 === 0 ? Promise.resolve() : client.query('SELECT count(*) AS n FROM okta_systemlog', 1);
    const killing = ripe.then(() => sleep(random() * maxLifeMs)).then(() => victim.kill('SIGKILL'));
    const until = Math.min(batches.length, (life + 1) * batchesPerLife);
    const sending = (async () => {
      for (; sent < until; sent++) await send(client, batches[sent] as Batch);
    })();
    // Killed before an answer: the batch may be in the log or not, and is sent again with its key.
    await Promise.allSettled([sending, keepBusy(client), killing]);
    await exited(victim);
    child = await start('killed', hook);
    const after = await positions(child.client);
    for (const name of ['detect', 'lake'] as const) if (after[name] > before[name]) advances[name] += 1;
    before = after;
  }
  for (; sent < batches.length; sent++) await send(child.client, batches[sent] as Batch);
  // Everything once more: a sender that lost its place starts from the beginning.
  for (const batch of batches) expect((await send(child.client, batch)).duplicate).toBe(true);
  return { ...(await finish(child, hook)), advances };
}

/** In how many lives a consumer came further. */
type Advances = Readonly<Record<'detect' | 'lake', number>>;

/** Queries and runs of the scheduled query until the runtime is gone: both make the lake commit. */
async function keepBusy(client: RuntimeClient): Promise<never> {
  for (;;) {
    await client.query('SELECT count(*) AS n FROM rule_matches', 1);
    await client.startRun(storyQuery, end);
  }
}

async function positions(client: RuntimeClient): Promise<Advances> {
  const { consumers } = await client.status();
  const of = (name: string): number => consumers.find((consumer) => consumer.name === name)?.position ?? 0;
  return { detect: of('detect'), lake: of('lake') };
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

function send(client: RuntimeClient, { key, body }: Batch) {
  return client.ingest({ logType: 'Okta.SystemLog', key, source: 'test', body });
}

async function finish({ process: child, client }: Child, hook: HookReceiver): Promise<Outcome> {
  expect(await client.startRun(storyQuery, end)).toMatchObject({ status: 'succeeded', rowCount: 1 });
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
