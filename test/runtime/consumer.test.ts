import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BatchRecord, Log } from '../../framework/model/log-record.ts';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import { catalogBundle } from '../../framework/runtime/bundle-catalog.ts';
import { createBundleStore } from '../../framework/runtime/bundle-store.ts';
import { type Consumer, type ConsumerPosition, startConsumer } from '../../framework/runtime/consumer.ts';
import { createDetectConsumer } from '../../framework/runtime/detect-consumer.ts';
import { openLog } from '../../framework/runtime/log/index.ts';

const clock = { now: () => Date.parse('2026-06-01T08:00:00Z') };

let directory: string;
let log: Log;
let consumer: Consumer | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'margay-consumer-'));
  log = await openLog({ directory, clock });
});

afterEach(async () => {
  await consumer?.close();
  consumer = undefined;
  await log.close();
  rmSync(directory, { recursive: true, force: true });
});

function batch(key: string): BatchRecord {
  return {
    kind: 'batch',
    key,
    logType: 'Okta.SystemLog',
    source: '',
    receivedAtMs: clock.now(),
    body: Buffer.from('{}'),
  };
}

function start(
  step: (keys: readonly string[], from: ConsumerPosition) => Promise<void>,
  lingerMs = 0,
  notices: string[] = [],
) {
  consumer = startConsumer({
    name: 'test',
    log,
    start: { next: 0 },
    maxBytes: 1_000_000,
    lingerMs,
    onNotice: (notice) => notices.push(notice),
    step: async (entries, from) => {
      await step(
        entries.map(({ record }) => (record as BatchRecord).key),
        from,
      );
      return { next: entries.at(-1)?.next ?? from.next };
    },
  });
  return consumer;
}

it('reads everything in order, and reach waits for it', async () => {
  const seen: string[] = [];
  const running = start(async (keys) => {
    seen.push(...keys);
  });
  await log.append(batch('a'));
  const { next } = await log.append(batch('b'));
  await running.reach(next);
  expect(seen).toEqual(['a', 'b']);
  expect(running.position().next).toBe(next);
});

it('a step that fails is tried again from the same place, told once, and loses nothing', async () => {
  const seen: string[] = [];
  const notices: string[] = [];
  let failures = 3;
  const running = start(
    async (keys) => {
      if (failures-- > 0) throw new Error('the disk is full');
      seen.push(...keys);
    },
    0,
    notices,
  );
  const { next } = await log.append(batch('a'));
  await running.reach(next);
  expect(seen).toEqual(['a']);
  expect(notices).toEqual(['test failed at position 0, retrying: the disk is full']);
  expect(running.stalledBy()).toBeUndefined();
});

it('a consumer that lingers hurries when somebody waits', async () => {
  const steps: (readonly string[])[] = [];
  const running = start(async (keys) => {
    steps.push(keys);
  }, 3_600_000);
  await log.append(batch('a'));
  const { next } = await log.append(batch('b'));
  await running.reach(next);
  expect(steps).toEqual([['a', 'b']]);
});

it('closing rejects whoever waits', async () => {
  const running = start(async () => {}, 3_600_000);
  const waiting = expect(running.reach(1_000_000_000)).rejects.toThrow('test is closed');
  await running.close();
  await waiting;
  await expect(running.reach(1_000_000_000)).rejects.toThrow('test is closed');
});

it('a batch whose log type has left the bundle becomes a dead letter', async () => {
  const state = createMemoryState();
  const catalog = catalogBundle('sha256:0', {
    format: 1,
    margay: '0.1.0',
    logTypes: [],
    detections: [],
    queries: [],
    routing: { destinations: [] },
    code: '',
  });
  const detector = {
    processBatch: async () => {
      throw new Error('not asked');
    },
    processRows: async () => {
      throw new Error('not asked');
    },
    close: async () => {},
  };
  const detecting = createDetectConsumer({
    state,
    bundles: createBundleStore(state),
    clock,
    active: { catalog, detector },
    detectorFor: async () => detector,
    onCommit: () => {},
  });
  await detecting.step([{ position: 0, next: 1, record: batch('gone') }], { next: 0, digest: 'sha256:0' });
  expect(state.takeRows().get('dead_letters')).toMatchObject([
    { code: 'RUNTIME_LOG_TYPE_GONE', batch_key: 'gone', log_type: 'Okta.SystemLog', preview: '{}' },
  ]);
  expect(await state.get('position', 'detect')).toEqual({ next: 1, digest: 'sha256:0' });
});

it('a bundle that the state lacks is an error that says what to do', async () => {
  const bundles = createBundleStore(createMemoryState());
  await expect(bundles.load('sha256:1')).rejects.toMatchObject({
    code: 'RUNTIME_BUNDLE_MISSING',
    hint: expect.stringContaining('margay publish'),
  });
});
