import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { compileContent } from '../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { type ContentChanges, copyContent } from '../copy-content.ts';

const storyQuery = 'okta/mfa-bypass-adds-by-user';
const end = '2026-06-30T12:00:00Z';

let folder: string;
let runtime: Runtime;
let client: RuntimeClient;
let sent = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-runtime-'));
  sent = 0;
  await start();
}, 30_000);

afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  runtime = await startRuntime({
    directory: join(folder, 'data'),
    port: 0,
    env: {},
    clock: systemClock,
    write: () => {},
  });
  client = connect({ url: runtime.url });
}

/** The repository's content with files changed; `null` leaves one out. */
async function compile(changes: ContentChanges = {}): Promise<BundleEnvelope> {
  const { envelope, problems } = await compileContent({ root: copyContent(folder, changes), types: false });
  if (!envelope) throw new Error(JSON.stringify(problems));
  return envelope;
}

async function publish(changes: ContentChanges = {}): Promise<void> {
  await client.publish(await compile(changes), (await client.live()).serial, {
    allowMissingSecrets: true,
    allowRemovals: 100,
  });
}

/** Sends one add of bart to "Bypass MFA", a number of days before the end. */
async function add(daysAgo: number): Promise<void> {
  const { default: fixture } = await import('../../fixtures/okta/group-membership-add.json', {
    with: { type: 'json' },
  });
  const published = new Date(Date.parse(end) - daysAgo * 86_400_000).toISOString();
  const body = Buffer.from(JSON.stringify({ ...fixture, uuid: `add-${sent}`, published }));
  await client.ingest({ logType: 'Okta.SystemLog', key: `add-${sent++}`, source: 'test', body });
}

async function highAlerts() {
  const { alerts } = await client.alerts({ limit: 100, level: 'high+' });
  return alerts
    .filter(({ kind }) => kind === 'scheduled')
    .map(({ status, notifications }) => ({ status, notifications }));
}

const hanging = (ruleBody: string): Readonly<Record<string, string>> => ({
  'detections/okta/mfa-bypass-repeated.ts': `
    import { detection } from 'margay';
    export default detection<'okta/mfa-bypass-repeated'>({ rule: (row) => ${ruleBody} });
  `,
});

it('a scheduled detection that hangs resolves nothing, is stopped, and is so after a restart', async () => {
  await publish(hanging('{ while (row.adds > 3) {} return true; }'));
  for (const daysAgo of [20, 10, 1]) await add(daysAgo);
  expect(await client.startRun(storyQuery, '2026-06-30T11:00:00Z')).toMatchObject({ status: 'succeeded', rowCount: 1 });
  expect(await highAlerts()).toEqual([{ status: 'open', notifications: 1 }]);

  await add(0.5);
  await client.startRun(storyQuery, end);
  expect(await highAlerts()).toEqual([{ status: 'open', notifications: 1 }]);
  const stopped = [{ ruleId: 'okta/mfa-bypass-repeated' }];
  expect((await client.status()).quarantined).toMatchObject(stopped);
  await runtime.close();
  await start();
  expect((await client.status()).quarantined).toMatchObject(stopped);
  await client.startRun(storyQuery, end);
  expect(await highAlerts()).toEqual([{ status: 'open', notifications: 1 }]);
}, 60_000);

it('publishing while queries run fails none of the runs', async () => {
  await publish();
  for (const daysAgo of [20, 10, 1]) await add(daysAgo);
  const running = Promise.all(Array.from({ length: 6 }, () => client.startRun(storyQuery, end)));
  for (const title of ['One', 'Two', 'Three']) {
    await publish({
      'detections/okta/extra.yml': `title: ${title}\nlevel: low\nlogTypes: [Okta.SystemLog]\ndetection: { a: { eventType: x }, condition: a }\ndedup: { by: [uuid] }\n`,
    });
  }
  expect((await running).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'succeeded'));
  expect(await highAlerts()).toEqual([{ status: 'open', notifications: 1 }]);
}, 60_000);

it('what fires of a detection that is removed is resolved, and is news when the detection is back', async () => {
  await publish();
  for (const daysAgo of [20, 10, 1]) await add(daysAgo);
  await client.startRun(storyQuery, '2026-06-30T11:00:00Z');
  await publish({ 'detections/okta/mfa-bypass-repeated.yml': null });
  expect(await highAlerts()).toEqual([{ status: 'resolved', notifications: 1 }]);
  await publish();
  await client.startRun(storyQuery, end);
  expect(await highAlerts()).toEqual(
    expect.arrayContaining([
      { status: 'resolved', notifications: 1 },
      { status: 'open', notifications: 1 },
    ]),
  );
}, 60_000);

it('a restart keeps what was live, and the same bundle again is no change', async () => {
  const envelope = await compile();
  const first = await client.publish(envelope, 0, { allowMissingSecrets: true, allowRemovals: 100 });
  await runtime.close();
  await start();
  expect(await client.live()).toMatchObject({ digest: first.digest, serial: 1 });
  expect(await client.publish(envelope, 1, { allowMissingSecrets: true, allowRemovals: 100 })).toMatchObject({
    changed: false,
    serial: 1,
  });
  const { rows } = await client.query("SELECT action, detail ->> 'serial' AS serial FROM audit", 10);
  expect(rows).toEqual([{ action: 'publish', serial: '1' }]);
}, 60_000);

const ownLogType = `
logType: Own.Log
description: A log of our own.
reference: https://example.com/own-log
eventTime: at
eventId: id
fields:
  id: { type: string }
  at: { type: timestamp }
`;

it('a batch that was accepted while its log type left the bundle is an event all the same', async () => {
  const withOwn = { 'log-types/own.yml': ownLogType };
  await publish(withOwn);
  const without = await compile();
  const { serial } = await client.live();
  const sending = Array.from({ length: 300 }, (_, id) => {
    const body = Buffer.from(JSON.stringify({ id: String(id), at: end }));
    return client.ingest({ logType: 'Own.Log', key: `own-${id}`, source: 'test', body });
  });
  const [outcomes] = await Promise.all([
    Promise.allSettled(sending),
    client.publish(without, serial, { allowMissingSecrets: true, allowRemovals: 100 }),
  ]);
  const accepted = outcomes.filter(({ status }) => status === 'fulfilled').length;
  await publish(withOwn);
  const { rows } = await client.query("SELECT count(*) AS n FROM own_log WHERE p_occurs_since('3650 days')", 1);
  expect(rows).toEqual([{ n: accepted }]);
  expect((await client.status()).deadLetterCount).toBe(0);
}, 60_000);
