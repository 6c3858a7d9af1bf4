import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import type { Consumer } from '../../framework/runtime/consumer.ts';
import { keepHouse, tidy } from '../../framework/runtime/keep-house.ts';
import { openLog } from '../../framework/runtime/log/index.ts';

const dayMs = 86_400_000;
const clock = { now: () => Date.parse('2026-06-30T00:00:00Z') };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-house-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function consumerAt(next: number): Consumer {
  return { position: () => ({ next }), reach: async () => {}, stalledBy: () => undefined, close: async () => {} };
}

const lake = { sweep: async () => {}, expire: async () => [] };
const archive = { sweep: async () => {} };
const bundle = () => undefined;
const publisher = { live: () => undefined, betweenPublishes: <T>(run: () => Promise<T>) => run() };
const loaders: readonly Consumer[] = [];

it('frees what every consumer has passed, and nothing that one still has to read', async () => {
  const log = await openLog({ directory, clock, maxSegmentBytes: 2_000 });
  const ends: number[] = [];
  for (let i = 0; i < 20; i++) {
    const body = Buffer.alloc(500, 0x20);
    ends.push(
      (await log.append({ kind: 'batch', key: `k${i}`, logType: 'T', source: '', receivedAtMs: 0, body })).next,
    );
  }
  const segments = (): number => readdirSync(directory).filter((name) => /^\d+\.log$/.test(name)).length;
  const before = segments();
  const behind = consumerAt(ends[9] as number);
  const options = {
    clock,
    log,
    state: createMemoryState(),
    lake,
    archive,
    bundle,
    publisher,
    loaders,
    onNotice: () => {},
  };
  await tidy({ ...options, consumers: [behind, consumerAt(log.end())] }, 0);
  expect(segments()).toBeLessThan(before);
  let left = 0;
  for (let at = ends[9] as number; at < log.end(); left += 1) at = (await log.read(at, 1))[0]?.next ?? log.end();
  expect(left).toBe(10);
  await log.close();
});

it('forgets match ids after 90 days, a sixteenth of them a round', async () => {
  const state = createMemoryState();
  const seen = (key: string, daysAgo: number) => ({
    space: 'match' as const,
    key,
    value: { seenAtMs: clock.now() - daysAgo * dayMs },
  });
  await state.commit({ put: [seen('0a', 91), seen('0b', 89), seen('1a', 91)] });
  const log = await openLog({ directory, clock });
  const options = {
    clock,
    log,
    state,
    lake,
    archive,
    bundle,
    publisher,
    loaders,
    consumers: [consumerAt(0)],
    onNotice: () => {},
  };
  await tidy(options, 0);
  expect((await state.list('match')).map(({ key }) => key)).toEqual(['0b', '1a']);
  await tidy(options, 1);
  expect((await state.list('match')).map(({ key }) => key)).toEqual(['0b']);
  await log.close();
});

it('tidies once an hour until it is stopped, and tells what fails', async () => {
  const log = await openLog({ directory, clock });
  const notices: string[] = [];
  let fire = (): void => {};
  let cancelled = 0;
  const stop = keepHouse({
    clock,
    log,
    state: createMemoryState(),
    ...{ archive, bundle, publisher, loaders },
    lake: {
      ...lake,
      sweep: async () => {
        throw new Error('no such folder');
      },
    },
    consumers: [consumerAt(0)],
    onNotice: (notice) => notices.push(notice),
    startTimer: (delayMs, callback) => {
      expect(delayMs).toBe(3_600_000);
      fire = callback;
      return () => {
        cancelled += 1;
      };
    },
  });
  fire();
  await stop();
  expect(notices).toEqual(['housekeeping failed: no such folder']);
  expect(cancelled).toBe(1);
  await log.close();
});
