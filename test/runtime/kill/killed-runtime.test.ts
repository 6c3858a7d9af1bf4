import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RuntimeClient } from '../../../framework/cli/client.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import type { Row } from '../../../framework/model/table.ts';
import { seededRandom } from '../../demo/okta-month.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';
import { type KillableRuntime, killRuntime, startKillable } from './killable-runtime.ts';
import { type Batch, compileVersions, makeBatches, tickingEveryMs, tickingQuery } from './killed-content.ts';

const kills = 50;
const batchesPerLife = 5;
const batchCount = (kills + 2) * batchesPerLife;
const recordsPerBatch = 20;
const maxLifeMs = 500;
/** A day never has more parts than this for long, merged beside what writes them: see `choose-for-merge.ts`. */
const maxParts = 8;
const end = '2026-06-30T12:00:00Z';
const storyQuery = 'okta/mfa-bypass-adds-by-user';
/** Of the moments of the kills: printed when the test fails, and taken from here to see that again. */
const seed = Number(process.env.MARGAY_TEST_SEED ?? Date.now() % 1_000_000);

let folder: string;
let versions: readonly BundleEnvelope[];
const batches = makeBatches(batchCount, recordsPerBatch, Date.parse(end));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-killed-'));
  versions = await compileVersions(folder);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`a runtime killed ${kills} times at random moments ends with the same events, matches, alerts, deliveries and runs`, async () => {
  const undisturbed = await withHook((hook) => runUndisturbed(hook));
  const killed = await withHook((hook) => runKilled(hook));
  const hint = `seed ${seed}`;
  expect(undisturbed.events.length).toBeGreaterThan(batchCount * recordsPerBatch * 0.8);
  expect(undisturbed.doors).toHaveLength(batchCount / 10);
  expect(new Set(undisturbed.doors.map((row) => Object.keys(row.p_extra ?? {}).length)).size).toBe(3);
  expect(undisturbed.alerts.length).toBeGreaterThan(20);
  expect(undisturbed.alerts.filter((alert) => alert.rule_id === 'okta/mfa-bypass-repeated')).toHaveLength(1);
  expect(killed.events, hint).toEqual(undisturbed.events);
  expect(killed.doors, hint).toEqual(undisturbed.doors);
  expect(killed.matches, hint).toEqual(undisturbed.matches);
  expect(killed.alerts, hint).toEqual(undisturbed.alerts);
  expect(killed.notified, hint).toEqual(undisturbed.notified);
  expect(killed.pendingOrFailed, hint).toBe(0);
  expectEachIntervalOnce(killed.runs, hint);
  // The kills were worth something: both consumers had committed before many of them.
  expect(killed.advances.detect, hint).toBeGreaterThan(kills / 6);
  expect(killed.advances.lake, hint).toBeGreaterThan(maxParts);
  expect(killed.mostParts, `parts of a day, ${hint}`).toBeLessThanOrEqual(maxParts);
}, 900_000);

interface Outcome {
  readonly events: readonly Row[];
  readonly doors: readonly Row[];
  readonly matches: readonly Row[];
  readonly alerts: readonly Row[];
  /** Of the query that runs all the time. */
  readonly runs: readonly Row[];
  /** Distinct notifications at the receiver: a repeat after a kill carries the same id. */
  readonly notified: readonly string[];
  readonly pendingOrFailed: number;
  /** Of Okta's events, of one day. */
  readonly mostParts: number;
}

/** No interval is missing between the first and the last, none has two entries, and each run ended well. */
function expectEachIntervalOnce(runs: readonly Row[], hint: string): void {
  const times = runs.map((run) => Date.parse(String(run.scheduled_at)));
  const first = times[0] as number;
  expect(times.length, hint).toBeGreaterThan(kills / 5);
  expect(times, hint).toEqual(times.map((_, index) => first + index * tickingEveryMs));
  expect(new Set(runs.map((run) => run.status)), hint).toEqual(new Set(['succeeded']));
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
  const runtime = await start('undisturbed', hook);
  for (let index = 0; index < batchCount; index++) await sendAt(runtime.client, index);
  return finish('undisturbed', runtime, hook);
}

async function runKilled(hook: HookReceiver): Promise<Outcome & { readonly advances: Advances }> {
  const random = seededRandom(seed);
  const advances = { detect: 0, lake: 0 };
  let runtime = await start('killed', hook);
  let before = await positions(runtime.client);
  let sent = 0;
  for (let life = 0; life < kills; life++) {
    const victim = runtime;
    const { client } = victim;
    const killing = ripe(life, client, before)
      .then(() => sleep(random() * maxLifeMs))
      .then(() => killRuntime(victim));
    const until = (life + 1) * batchesPerLife;
    const sending = (async () => {
      for (; sent < until; sent++) await sendAt(client, sent);
    })();
    // Killed before an answer: the batch may be in the log or not, and is sent again with its key.
    await Promise.allSettled([sending, keepBusy(client), killing]);
    runtime = await start('killed', hook);
    const after = await positions(runtime.client);
    for (const name of ['detect', 'lake'] as const) if (after[name] > before[name]) advances[name] += 1;
    before = after;
  }
  for (; sent < batchCount; sent++) await sendAt(runtime.client, sent);
  // Everything once more: a sender that lost its place starts from the beginning.
  for (const batch of batches) expect((await send(runtime.client, batch)).duplicate).toBe(true);
  return { ...(await finish('killed', runtime, hook)), advances };
}

/** One life of three is killed early, one when detection has come further in it, one when the lake has. */
async function ripe(life: number, client: RuntimeClient, before: Advances): Promise<void> {
  const name = ([undefined, 'detect', 'lake'] as const)[life % 3];
  if (name) while ((await positions(client))[name] <= before[name]) await sleep(20);
}

/** In how many lives, or how far, the consumers came. */
type Advances = Readonly<Record<'detect' | 'lake', number>>;

/** A batch, and before the first one of each third the version of the content that goes live there. */
async function sendAt(client: RuntimeClient, index: number): Promise<void> {
  const versionAt = (at: number): number => Math.floor((at * versions.length) / batchCount);
  const envelope = versionAt(index) === versionAt(index - 1) ? undefined : versions[versionAt(index)];
  if (envelope) {
    const { digest, serial } = await client.live();
    if (digest !== envelope.digest)
      await client.publish(envelope, serial, { allowMissingSecrets: true, allowRemovals: 100 });
  }
  await send(client, batches[index] as Batch);
}

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

function start(name: string, hook: HookReceiver): Promise<KillableRuntime> {
  return startKillable(join(folder, name), { HOOK_URL: hook.url });
}

function send(client: RuntimeClient, { key, logType, body }: Batch) {
  return client.ingest({ logType, key, source: 'test', body });
}

async function finish(name: string, { process: child, client }: KillableRuntime, hook: HookReceiver): Promise<Outcome> {
  expect(await client.startRun(storyQuery, end)).toMatchObject({ status: 'succeeded', rowCount: 1 });
  const rows = async (sql: string) => (await client.query(sql, 100_000)).rows;
  const events = await rows('SELECT p_row_id, p_event_time FROM okta_systemlog ORDER BY p_row_id NULLS LAST');
  const doors = await rows('SELECT p_row_id, door, badge, panel, p_extra FROM acme_door ORDER BY p_row_id NULLS LAST');
  const matches = await rows(
    'SELECT p_match_id, p_rule_id, p_alert_id, p_dedup FROM rule_matches ORDER BY p_match_id NULLS LAST',
  );
  const alerts = await rows(
    'SELECT alert_id, rule_id, title, dedup, match_count, status FROM alerts ORDER BY alert_id NULLS LAST',
  );
  const runs = await runsUntil(Date.now(), rows);
  for (;;) {
    const { deliveries } = await client.status();
    if (deliveries.pending === 0) {
      const mostParts = await fewParts(join(folder, name, 'lake/parts/okta_systemlog'));
      child.kill('SIGTERM');
      await once(child, 'exit');
      const notified = [...hook.received.keys()].sort();
      return { events, doors, matches, alerts, runs, notified, pendingOrFailed: deliveries.failed, mostParts };
    }
    await sleep(50);
  }
}

/** The runs of the query that runs all the time, once what was missed is caught up until a time. */
async function runsUntil(untilMs: number, rows: (sql: string) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const sql = `SELECT scheduled_at, status FROM query_runs WHERE query_id = '${tickingQuery}' ORDER BY scheduled_at NULLS LAST`;
  for (;;) {
    const runs = await rows(sql);
    if (Date.parse(String(runs.at(-1)?.scheduled_at)) > untilMs) return runs;
    await sleep(200);
  }
}

/** The most parts that a day has, once merging has caught up or has had two minutes for that. */
async function fewParts(directory: string): Promise<number> {
  const untilMs = Date.now() + 120_000;
  for (;;) {
    const most = countMostParts(directory);
    if (most <= maxParts || Date.now() > untilMs) return most;
    await sleep(200);
  }
}

/** The most parts that a day has; the names of parts begin with their day. */
function countMostParts(directory: string): number {
  const counts = new Map<string, number>();
  for (const name of readdirSync(directory)) counts.set(name.slice(0, 10), (counts.get(name.slice(0, 10)) ?? 0) + 1);
  return Math.max(...counts.values());
}
