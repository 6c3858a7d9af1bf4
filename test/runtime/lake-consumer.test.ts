import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Bundle } from '../../framework/model/bundle.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import { eventTable } from '../../framework/model/standard-tables.ts';
import { createBundleStore } from '../../framework/runtime/bundle-store.ts';
import { startConsumer } from '../../framework/runtime/consumer.ts';
import { createLakeStep } from '../../framework/runtime/lake-consumer.ts';
import { openLog } from '../../framework/runtime/log/index.ts';
import { createRowEncoder, type RowEncoder } from '../../framework/runtime/row-encoder.ts';
import { makeDirectory, open } from './lake/lake-directory.ts';
import { batchOf, toy } from './normalise/toy-log-type.ts';

const clock = { now: () => Date.UTC(2026, 0, 31) };
const batchCount = 8;
const perBatch = 50;

const bundle: Bundle = {
  ...{ format: 1, margay: '0.1.0', logTypes: [toy], detections: [], queries: [], routing: { destinations: [] } },
  ...{ lookups: [], retention: {}, code: '' },
};

const idsOf = (batch: number): readonly string[] => Array.from({ length: perBatch }, (_, n) => `${batch}-${n}`);

/** Kills the thread of an encoder in every call but each second, while it is under way. */
function killEverySecond(encoder: RowEncoder): RowEncoder & { readonly killed: () => number } {
  let calls = 0;
  return {
    ...encoder,
    encode: (...request) => {
      const encoding = encoder.encode(...request);
      if (calls++ % 2 === 0) void encoder.close();
      return encoding;
    },
    killed: () => Math.ceil(calls / 2),
  };
}

it('events are filed once each though the thread that makes their rows is killed in every step', async () => {
  const directory = await makeDirectory();
  const lake = await open(join(directory, 'lake'));
  const log = await openLog({ directory: join(directory, 'log'), clock });
  onTestFinished(() => log.close());
  const content = canonicalJson(bundle);
  const digest = sha256Digest(content);
  const bundles = createBundleStore(lake.state);
  await bundles.save({ digest, content });
  let end = (await log.append({ kind: 'activation', digest, serial: 1, activatedAtMs: 0, actor: 'dana' })).next;
  for (let batch = 0; batch < batchCount; batch++) {
    // Every batch brings half of the one before again, as a vendor does.
    const ids = [...idsOf(batch), ...idsOf(Math.max(0, batch - 1)).slice(0, perBatch / 2)];
    const lines = ids.map((id) => `{"id":"${id}","time":"2026-01-31T01:02:03.000Z"}`);
    end = (await log.append(batchOf(lines.join('\n'), `batch-${batch}`))).next;
  }
  const encoder = killEverySecond(createRowEncoder());
  onTestFinished(() => encoder.close());
  const notices: string[] = [];
  const consumer = startConsumer({
    name: 'lake',
    log,
    start: { next: 0 },
    // About a batch in a range, so that there are enough calls to kill though a kill may come too late for its call.
    maxBytes: Math.ceil(end / batchCount),
    step: createLakeStep({ lake, bundles, encoder }),
    onNotice: (notice) => notices.push(notice),
  });
  onTestFinished(() => consumer.close());
  await consumer.reach(end);
  const table = eventTable(toy);
  const sql = `SELECT id, count(*) AS times FROM ${table.name} GROUP BY id`;
  const { rows } = await lake.lake.query(sql, [table], { timeoutMs: 60_000, maxRows: 10_000 });
  const wanted = Array.from({ length: batchCount }, (_, batch) => idsOf(batch)).flat();
  expect(rows.map(({ id }) => id).sort()).toEqual([...wanted].sort());
  expect(rows.filter(({ times }) => Number(times) !== 1)).toEqual([]);
  expect(await lake.state.get('position', 'lake')).toEqual({ next: end, digest });
  expect(encoder.killed()).toBeGreaterThan(3);
  expect(notices.every((notice) => notice.includes('rows could not be encoded'))).toBe(true);
  expect(notices).not.toEqual([]);
}, 120_000);
