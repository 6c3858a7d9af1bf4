import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import { systemClock } from '../../framework/model/clock.ts';
import type { LogEntry } from '../../framework/model/log-record.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import { openLog } from '../../framework/runtime/log/index.ts';
import { startRuntime } from '../../framework/runtime/start-runtime.ts';
import { sampleBundle, sampleDetection, sampleRecord } from './detect/sample-bundle.ts';

const senders = 3;
const batchesPerSender = 40;
const recordsPerBatch = 5;
const rounds = 3;

it('each event sent during publishes and rollbacks is evaluated once, by the bundle live where it stands in the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'margay-switch-events-'));
  const runtime = await startRuntime({ directory: folder, port: 0, env: {}, clock: systemClock, write: () => {} });
  const client = connect({ url: runtime.url });
  const [old, next] = [pack('sha256:old'), pack('sha256:next')];
  await client.publish(old, 0);
  const sending = Array.from({ length: senders }, (_, sender) => send(client, sender));
  const sent = Promise.all(sending);
  for (let round = 0; round < rounds; round++) {
    const { serial } = await client.live();
    await client.publish(next, serial);
    await client.rollback({ reason: `round ${round}` });
    await client.resume();
  }
  await sent;
  const { rows } = await client.query(
    'SELECT e.uuid AS uuid, m.p_rule_version AS version FROM rule_matches m JOIN test_log e ON m.p_row_id = e.p_row_id',
    10_000,
  );
  await runtime.close();
  const expected = await expectedOf(join(folder, 'log'), new Map([old, next].map((it) => [it.digest, versionOf(it)])));
  rmSync(folder, { recursive: true });
  expect(expected).toHaveLength(senders * batchesPerSender * recordsPerBatch);
  expect(new Set(expected.map((it) => it.split(' ')[1]))).toEqual(new Set(['sha256:old', 'sha256:next']));
  expect(rows.map(({ uuid, version }) => `${uuid} ${version}`).sort()).toEqual(expected);
}, 120_000);

async function send(client: RuntimeClient, sender: number): Promise<void> {
  for (let batch = 0; batch < batchesPerSender; batch++) {
    const start = (sender * batchesPerSender + batch) * recordsPerBatch;
    const records = Array.from({ length: recordsPerBatch }, (_, index) => JSON.stringify(sampleRecord(start + index)));
    const key = `batch-${sender}-${batch}`;
    await client.ingest({ logType: 'Test.Log', key, source: 'test', body: Buffer.from(records.join('\n')) });
  }
}

/** Event and version, as the log has them one after another. */
async function expectedOf(directory: string, versions: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const log = await openLog({ directory, clock: systemClock, onNotice: () => {} });
  const expected: string[] = [];
  let version: string | undefined;
  let entries = await log.read(0, 1_000_000);
  for (; entries.length > 0; entries = await log.read((entries.at(-1) as LogEntry).next, 1_000_000)) {
    for (const { record } of entries) {
      if (record.kind === 'activation') version = versions.get(record.digest);
      else if (record.kind === 'batch')
        for (const line of Buffer.from(record.body).toString().split('\n'))
          expected.push(`${(JSON.parse(line) as { uuid: string }).uuid} ${version}`);
    }
  }
  await log.close();
  return expected.sort();
}

function pack(version: string): BundleEnvelope {
  const content = canonicalJson(sampleBundle({ detections: [sampleDetection({ version, alert: false })] }));
  return { digest: sha256Digest(content), content };
}

function versionOf({ content }: BundleEnvelope): string {
  return (JSON.parse(content) as { detections: readonly [{ version: string }] }).detections[0].version;
}
