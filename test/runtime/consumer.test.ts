import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Bundle } from '../../framework/model/bundle.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import type { BatchRecord, Log } from '../../framework/model/log-record.ts';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import type { BundleCatalog } from '../../framework/runtime/bundle-catalog.ts';
import { createBundleStore } from '../../framework/runtime/bundle-store.ts';
import { type Consumer, type ConsumerPosition, startConsumer } from '../../framework/runtime/consumer.ts';
import type { Detector } from '../../framework/runtime/detect/index.ts';
import { createDetectConsumer } from '../../framework/runtime/detect-consumer.ts';
import { openLog } from '../../framework/runtime/log/index.ts';
import { createSwitchGate } from '../../framework/runtime/switch-gate.ts';

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
  maxBytes = 1_000_000,
) {
  consumer = startConsumer({
    name: 'test',
    log,
    start: { next: 0 },
    maxBytes,
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

it('a consumer that lingers does not wait for more than a step reads: it would fall behind for ever', async () => {
  const steps: (readonly string[])[] = [];
  const { next } = await log.append(batch('a'));
  start(
    async (keys) => {
      steps.push(keys);
    },
    3_600_000,
    [],
    next,
  );
  await vi.waitFor(() => expect(steps).toEqual([['a']]));
  await log.append(batch('b'));
  await vi.waitFor(() => expect(steps).toEqual([['a'], ['b']]));
});

/** Starts a consumer of one batch a step that prepares steps, and tells what it does when. */
async function startPrepared(keys: readonly string[], commit: (key: string) => Promise<void>) {
  const told: string[] = [];
  const ends: number[] = [];
  for (const key of keys) ends.push((await log.append(batch(key))).next);
  const running = startConsumer({
    ...{ name: 'test', log, start: { next: 0 }, maxBytes: 1 },
    onNotice: () => {},
    step: async ([entry], from) => {
      if (!entry) throw new Error('a step has entries');
      const { key } = entry.record as BatchRecord;
      told.push(`${key} prepared at ${ends.indexOf(from.next) + 1}`);
      return {
        position: { next: entry.next },
        commit: async () => {
          await commit(key);
          told.push(`${key} committed at ${ends.indexOf(running.position().next) + 1}`);
        },
      };
    },
  });
  consumer = running;
  return { running, told, end: ends.at(-1) as number };
}

it('a step is prepared while the one before is committed, and its position stands only when it is committed itself', async () => {
  const { running, told, end } = await startPrepared(['a', 'b', 'c'], async () => {
    const before = told.length;
    await vi.waitFor(() => expect(told.length > before || told.includes('c prepared at 2')).toBe(true));
  });
  await running.reach(end);
  expect(told).toEqual([
    ...['a prepared at 0', 'b prepared at 1', 'a committed at 0'],
    ...['c prepared at 2', 'b committed at 1', 'c committed at 2'],
  ]);
});

it('what was prepared is thrown away when the step before can not be committed', async () => {
  let failures = 2;
  const { running, told, end } = await startPrepared(['a', 'b', 'c'], async (key) => {
    if (key === 'b' && failures-- > 0) throw new Error('the disk is full');
  });
  await running.reach(end);
  expect(told.filter((line) => line.includes('committed'))).toEqual([
    'a committed at 0',
    'b committed at 1',
    'c committed at 2',
  ]);
  expect(told.filter((line) => line.startsWith('b prepared'))).toHaveLength(3);
  expect(told.filter((line) => line.startsWith('c prepared')).length).toBeGreaterThan(1);
});

it('closing rejects whoever waits', async () => {
  const running = start(async () => {}, 3_600_000);
  const waiting = expect(running.reach(1_000_000_000)).rejects.toThrow('test is closed');
  await running.close();
  await waiting;
  await expect(running.reach(1_000_000_000)).rejects.toThrow('test is closed');
});

it('a detector that was asked for anew never replaces that of a bundle which came into force meanwhile', async () => {
  const state = createMemoryState();
  const bundle = (margay: string): Bundle => ({
    ...{ format: 1, margay, logTypes: [], lookups: [], detections: [], queries: [], routing: { destinations: [] } },
    ...{ retention: {}, code: '' },
  });
  const contents = ['0.1.0', '0.1.1'].map((margay) => canonicalJson(bundle(margay)));
  const digests = contents.map(sha256Digest) as [string, string];
  const bundles = createBundleStore(state);
  for (const [index, content] of contents.entries()) {
    await bundles.save({ digest: digests[index] as string, content });
  }
  const closed: string[] = [];
  const waiting: (() => void)[] = [];
  const detectorFor = async ({ digest }: BundleCatalog): Promise<Detector> => {
    if (digest === digests[0]) await new Promise<void>((resolve) => waiting.push(resolve));
    return {
      processBatch: async () => Promise.reject(new Error('not asked')),
      processRows: async () => Promise.reject(new Error('not asked')),
      processHistory: async () => Promise.reject(new Error('not asked')),
      close: async () => {
        closed.push(digest);
      },
    };
  };
  const first = await bundles.load(digests[0]);
  const starting = detectorFor(first);
  waiting.shift()?.();
  const active = { catalog: first, detector: await starting };
  const detecting = createDetectConsumer({ state, bundles, clock, active, detectorFor, onCommit: () => {} });
  const renewing = detecting.renew();
  const record = { kind: 'activation', digest: digests[1], serial: 2, activatedAtMs: 0, actor: 'dana' } as const;
  await detecting.step([{ position: 0, next: 1, record }], { next: 0, digest: digests[0] });
  waiting.shift()?.();
  await renewing;
  expect(detecting.active()?.catalog.digest).toBe(digests[1]);
  await detecting.close();
  expect(closed.filter((digest) => digest === digests[0])).toHaveLength(2);
});

it('a switch waits for those who pass, and lets nobody pass until it is done', async () => {
  const gate = createSwitchGate();
  const order: string[] = [];
  const step = (name: string): { readonly run: () => Promise<void>; readonly end: () => void } => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    return {
      run: async () => {
        order.push(`${name} begins`);
        await ended;
        order.push(`${name} ends`);
      },
      end,
    };
  };
  const [early, alone, late] = [step('early'), step('switch'), step('late')] as const;
  const all = [gate.pass(early.run), gate.switch(alone.run), gate.pass(late.run)];
  late.end();
  alone.end();
  early.end();
  await Promise.all(all);
  expect(order).toEqual(['early begins', 'early ends', 'switch begins', 'switch ends', 'late begins', 'late ends']);
});

it('a bundle that the state lacks is an error that says what to do', async () => {
  const bundles = createBundleStore(createMemoryState());
  await expect(bundles.load('sha256:1')).rejects.toMatchObject({
    code: 'RUNTIME_BUNDLE_MISSING',
    hint: expect.stringContaining('margay publish'),
  });
});
