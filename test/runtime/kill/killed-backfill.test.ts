import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileContent } from '../../../framework/compile/index.ts';
import type { Backfill } from '../../../framework/model/backfill.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';
import type { Row } from '../../../framework/model/table.ts';
import { generateOktaMonth, seededRandom } from '../../demo/okta-month.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';
import { type KillableRuntime, killRuntime, startKillable } from './killable-runtime.ts';
import { hookConfig } from './killed-content.ts';

const kills = 6;
/** A life ends so long at most after it has finished a day, so that kills fall amid the days. */
const maxMoreMs = 300;
const until = '2026-06-30T12:00:00.000Z';
const detectionId = 'okta/sign-in';
/** Of the moments of the kills: printed when the test fails, and taken from here to see that again. */
const seed = Number(process.env.MARGAY_TEST_SEED ?? Date.now() % 1_000_000);

const detection = (mode: string): string => `
title: Sign-in
level: low
mode: ${mode}
logTypes: [Okta.SystemLog]
detection:
  signIn: { eventType: user.session.start }
  condition: signIn
dedup: { by: [actor.alternateId], period: 12h }
context: { account: { from: actor.alternateId, type: string } }
`;

let folder: string;
let before: BundleEnvelope;
let after: BundleEnvelope;
let hook: HookReceiver;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-killed-backfill-'));
  before = await compile('off');
  after = await compile('live');
  hook = await startHookReceiver();
}, 60_000);

afterAll(async () => {
  await hook.close();
  rmSync(folder, { recursive: true, force: true });
});

async function compile(mode: string): Promise<BundleEnvelope> {
  const root = join(folder, `content-${mode}`);
  mkdirSync(join(root, 'detections/okta'), { recursive: true });
  writeFileSync(join(root, 'margay.config.ts'), hookConfig);
  writeFileSync(join(root, `detections/${detectionId}.yml`), detection(mode));
  const { envelope, problems } = await compileContent({ root, types: false });
  if (!envelope) throw new Error(JSON.stringify(problems));
  return envelope;
}

it('a backfill that is killed at random moments ends with the same matches, none twice, and delivers nothing', async () => {
  const undisturbed = await runUndisturbed();
  const killed = await runKilled();
  const hint = `seed ${seed}`;
  expect(undisturbed.matches.length).toBeGreaterThan(200);
  expect(undisturbed.backfill).toMatchObject({ written: undisturbed.matches.length, known: 0 });
  expect(killed.matches, hint).toEqual(undisturbed.matches);
  expect(new Set(killed.matches.map((row) => row.p_match_id)).size, hint).toBe(killed.matches.length);
  expect(killed.backfill, hint).toMatchObject({
    status: 'done',
    written: undisturbed.backfill.written,
    days: undisturbed.backfill.days,
  });
  expect([undisturbed.alerts, killed.alerts], hint).toEqual([[], []]);
  expect(hook.received.size, hint).toBe(0);
  // The kills were worth something: one at least came in the middle.
  expect(
    killed.daysAtKills.some((done) => done > 0 && done < killed.backfill.days.total),
    hint,
  ).toBe(true);
}, 600_000);

interface Outcome {
  readonly backfill: Backfill;
  readonly matches: readonly Row[];
  readonly alerts: readonly Row[];
}

async function runUndisturbed(): Promise<Outcome> {
  const runtime = await startFilled('undisturbed');
  await beginBackfill(runtime);
  return finish(runtime);
}

async function runKilled(): Promise<Outcome & { readonly daysAtKills: readonly number[] }> {
  const random = seededRandom(seed);
  const daysAtKills: number[] = [];
  let runtime = await startFilled('killed');
  await beginBackfill(runtime);
  for (let life = 0; life < kills; life++) {
    await dayDone(runtime, daysAtKills.at(-1) ?? 0);
    await sleep(random() * maxMoreMs);
    await killRuntime(runtime);
    runtime = await start('killed');
    daysAtKills.push((await onlyBackfill(runtime)).days.done);
  }
  return { ...(await finish(runtime)), daysAtKills };
}

function start(name: string): Promise<KillableRuntime> {
  return startKillable(join(folder, name), { HOOK_URL: hook.url });
}

/** A runtime with a month of history from before the detection was live. */
async function startFilled(name: string): Promise<KillableRuntime> {
  const runtime = await start(name);
  const { client } = runtime;
  await client.publish(before, 0, { allowMissingSecrets: true, allowRemovals: 100 });
  const { records } = generateOktaMonth(Date.parse(until), 3_000, 7);
  const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
  await client.ingest({ logType: 'Okta.SystemLog', key: 'month', source: 'test', body });
  await client.publish(after, 1, { allowMissingSecrets: true, allowRemovals: 100 });
  return runtime;
}

async function beginBackfill({ client }: KillableRuntime): Promise<void> {
  await client.startBackfill({ detectionId, days: 40, until, dryRun: false });
}

/** Resolves when the backfill has finished more days than so many, or ended. */
async function dayDone(runtime: KillableRuntime, known: number): Promise<void> {
  for (;;) {
    const { days, status } = await onlyBackfill(runtime);
    if (days.done > known || status !== 'running') return;
    await sleep(20);
  }
}

async function onlyBackfill({ client }: KillableRuntime): Promise<Backfill> {
  const { backfills } = await client.backfills();
  expect(backfills).toHaveLength(1);
  return backfills[0] as Backfill;
}

async function finish(runtime: KillableRuntime): Promise<Outcome> {
  let backfill = await onlyBackfill(runtime);
  for (; backfill.status === 'running'; backfill = await onlyBackfill(runtime)) await sleep(50);
  const rows = async (sql: string) => (await runtime.client.query(sql, 100_000)).rows;
  const matches = await rows(
    `SELECT p_match_id, p_rule_id, p_event_time, p_dedup, p_alert_context, p_alert_id, p_backfilled FROM rule_matches
     ORDER BY p_match_id NULLS LAST`,
  );
  const alerts = await rows('SELECT alert_id FROM alerts');
  await killRuntime(runtime);
  return { backfill, matches, alerts };
}
