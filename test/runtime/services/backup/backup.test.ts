import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../../../framework/cli/client.ts';
import { compileContent } from '../../../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../../../framework/model/bundle.ts';
import type { Row } from '../../../../framework/model/table.ts';
import { restoreBackup } from '../../../../framework/runtime/services/backup/restore-backup.ts';
import { saveBackup } from '../../../../framework/runtime/services/backup/save-backup.ts';
import { copyContent } from '../../../copy-content.ts';
import { generateOktaMonth } from '../../../demo/okta-month.ts';
import { type HookReceiver, startHookReceiver } from '../../kill/hook-receiver.ts';
import { failedSignIns, hookConfig } from '../../kill/killed-content.ts';

const end = '2026-06-30T12:00:00Z';
const storyQuery = 'okta/mfa-bypass-adds-by-user';
const secret = 'swordfish-of-the-hook';
const recordsPerBatch = 50;
const batchCount = 60;

interface Batch {
  readonly key: string;
  readonly body: Buffer;
}

let folder: string;
let envelope: BundleEnvelope;
const batches: Batch[] = [];
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-backup-'));
  const changes = { 'margay.config.ts': hookConfig, 'detections/okta/failed-sign-in.yml': failedSignIns };
  const compiled = await compileContent({ root: copyContent(folder, changes), types: false });
  expect(compiled.problems).toEqual([]);
  envelope = compiled.envelope as BundleEnvelope;
  const { records } = generateOktaMonth(Date.parse(end), batchCount * recordsPerBatch, 11);
  for (let i = 0; i < records.length; i += recordsPerBatch) {
    const lines = records.slice(i, i + recordsPerBatch).map((record) => JSON.stringify(record));
    batches.push({ key: `batch-${i}`, body: Buffer.from(lines.join('\n')) });
  }
}, 60_000);

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

it('a runtime restored from a backup that was made while logs came in goes on with nothing lost or doubled', async () => {
  const hooks = [await startHookReceiver(), await startHookReceiver()] as const;
  const [calm, moved] = hooks;
  const half = batches.length / 2;
  try {
    const undisturbed = await start('calm', calm);
    await undisturbed.client.publish(envelope, 0, { allowMissingSecrets: true, allowRemovals: 100 });
    for (const batch of batches.slice(0, half)) await send(undisturbed.client, batch);
    expect(await undisturbed.client.startRun(storyQuery, end)).toMatchObject({ status: 'succeeded' });
    for (const batch of batches.slice(half)) await send(undisturbed.client, batch);
    const expected = await outcome(undisturbed, calm);

    const original = await start('original', moved);
    await original.client.publish(envelope, 0, { allowMissingSecrets: true, allowRemovals: 100 });
    for (const batch of batches.slice(0, half)) await send(original.client, batch);
    expect(await original.client.startRun(storyQuery, end)).toMatchObject({ status: 'succeeded' });
    await delivered(original.client);
    const sentBefore = new Map(moved.received);
    const target = join(folder, 'backup.tar');
    const [report] = await Promise.all([
      backup(original.client, target),
      ...batches.slice(half, half + 15).map((batch) => send(original.client, batch)),
    ]);
    for (const batch of batches.slice(half + 15, half + 20)) await send(original.client, batch);
    original.process.kill('SIGKILL');
    await exited(original.process);

    expect(readFileSync(target, 'latin1')).not.toContain(secret);
    const data = join(folder, 'restored');
    const restored = await restoreBackup(target, data);
    expect(restored).toEqual({ ...report, target: data });
    const next = await start('restored', moved);
    // What was acknowledged before the backup began is in it; the rest may be, and is sent once more in any case.
    for (const batch of batches.slice(0, half)) expect((await send(next.client, batch)).duplicate).toBe(true);
    for (const batch of batches.slice(half)) await send(next.client, batch);
    const found = await outcome(next, moved);

    expect(expected.events.length).toBeGreaterThanOrEqual(batchCount * recordsPerBatch);
    expect(expected.alerts.length).toBeGreaterThan(10);
    expect(found).toEqual(expected);
    // Nothing that was sent before the backup is sent again; what was sent after it comes with the same id.
    expect(sentBefore.size).toBeGreaterThan(5);
    for (const [id, count] of sentBefore) expect(moved.received.get(id)).toBe(count);
  } finally {
    for (const hook of hooks) await hook.close();
  }
}, 600_000);

async function backup(client: RuntimeClient, target: string) {
  const { chunks } = await client.backup();
  return saveBackup(chunks, target);
}

interface Child {
  readonly process: ChildProcess;
  readonly client: RuntimeClient;
}

async function start(name: string, hook: HookReceiver): Promise<Child> {
  const entry = fileURLToPath(new URL('../../kill/runtime-child.mjs', import.meta.url));
  const child = spawn(process.execPath, [entry, join(folder, name), '0'], {
    env: { PATH: process.env.PATH, HOOK_URL: `${hook.url}?key=${secret}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
  if (!Buffer.isBuffer(line)) throw new Error(`The runtime ended with ${line} instead of starting.`);
  return { process: child, client: connect({ url: line.toString().trim() }) };
}

function send(client: RuntimeClient, { key, body }: Batch) {
  return client.ingest({ logType: 'Okta.SystemLog', key, source: 'test', body });
}

async function delivered(client: RuntimeClient): Promise<void> {
  await client.query('SELECT count(*) AS n FROM alerts', 1); // when it answers, everything sent was detected
  while ((await client.status()).deliveries.pending > 0) await sleep(50);
}

/** What there is at the end, without what is of one process: times, who did it. */
async function outcome({ process: child, client }: Child, hook: HookReceiver) {
  expect(await client.startRun(storyQuery, end)).toMatchObject({ status: 'succeeded', rowCount: 1 });
  await delivered(client);
  const rows = async (sql: string): Promise<readonly Row[]> => (await client.query(sql, 100_000)).rows;
  const result = {
    events: await rows('SELECT p_row_id, p_event_time FROM okta_systemlog ORDER BY p_row_id NULLS LAST'),
    matches: await rows(
      'SELECT p_match_id, p_rule_id, p_alert_id, p_dedup FROM rule_matches ORDER BY p_match_id NULLS LAST',
    ),
    alerts: await rows(
      'SELECT alert_id, rule_id, title, dedup, match_count, status FROM alerts ORDER BY alert_id NULLS LAST',
    ),
    ledger: await rows(
      `SELECT query_id, status, row_count FROM query_runs WHERE scheduled_at = TIMESTAMP '2026-06-30 12:00:00' ORDER BY row_count NULLS LAST`,
    ),
    notified: [...hook.received.keys()].sort(),
    failed: (await client.status()).deliveries.failed,
  };
  child.kill('SIGTERM');
  await exited(child);
  return result;
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  children.delete(child);
}
