import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import { activationKey } from '../../framework/runtime/activation.ts';
import { openLake } from '../../framework/runtime/lake/index.ts';
import { startRuntime } from '../../framework/runtime/start-runtime.ts';
import { sweepBundles } from '../../framework/runtime/sweep-bundles.ts';
import { sampleBundle, sampleDetection } from './detect/sample-bundle.ts';

const digests = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `d${index + 1}`);

/** A state in which bundles went live one after the other. */
async function liveInTurn(inTurn: readonly string[]) {
  const state = createMemoryState();
  await state.commit({
    put: [
      ...[...new Set(inTurn)].map((key) => ({ space: 'bundle' as const, key, value: { digest: key } })),
      ...inTurn.map((digest, index) => ({
        space: 'channel' as const,
        key: activationKey(index + 1),
        value: { digest, serial: index + 1, activatedAtMs: index },
      })),
    ],
  });
  const live = { digest: inTurn.at(-1) ?? '', serial: inTurn.length, activatedAtMs: 0, next: 1_000 };
  const kept = async (): Promise<readonly string[]> => (await state.list('bundle')).map(({ key }) => key);
  return { state, live, kept };
}

describe('of bundles that went live', () => {
  it('the last 20 are kept, and their activations', async () => {
    const { state, live, kept } = await liveInTurn(digests(23));
    await sweepBundles(state, live, [{ next: 1_000, digest: 'd23' }]);
    expect(new Set(await kept())).toEqual(new Set(digests(23).slice(3)));
    const left = (await state.list<{ serial: number }>('channel')).map(({ value }) => value.serial);
    expect(left).toEqual(Array.from({ length: 20 }, (_, index) => index + 4));
    await sweepBundles(state, live, [{ next: 1_000, digest: 'd23' }]);
    expect(await kept()).toHaveLength(20);
  });

  it('one stays that went live again, or that a consumer stands in', async () => {
    const { state, live, kept } = await liveInTurn([...digests(22), 'd1']);
    await sweepBundles(state, live, [
      { next: 1_000, digest: 'd1' },
      { next: 1_000, digest: 'd2' },
    ]);
    expect(await kept()).toEqual(expect.arrayContaining(['d1', 'd2']));
    expect(await kept()).not.toContain('d3');
  });

  it.each([
    ['an activation waits in the log', 999],
    ['a consumer has read nothing yet', 0],
  ])('none goes while %s', async (_why, next) => {
    const { state, live, kept } = await liveInTurn(digests(30));
    await sweepBundles(state, live, [
      { next: 1_000, digest: 'd30' },
      { next, digest: 'd29' },
    ]);
    expect(await kept()).toHaveLength(30);
  });

  it('none goes before anything is live', async () => {
    const { state, kept } = await liveInTurn(digests(30));
    await sweepBundles(state, undefined, []);
    expect(await kept()).toHaveLength(30);
  });
});

describe('a runtime', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'margay-bundles-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('keeps the bundles of its last 20 publishes, and starts with them', async () => {
    let fire = (): void => {};
    const start = () =>
      startRuntime({
        directory,
        port: 0,
        env: {},
        clock: { now: () => Date.UTC(2026, 5, 30) },
        startTimer: (delayMs, callback) => {
          if (delayMs === 3_600_000) fire = callback;
          return () => {};
        },
        write: () => {},
      });
    const envelopes = Array.from({ length: 22 }, (_, index) => envelopeOf(`Sample ${index}`));
    const runtime = await start();
    for (const envelope of envelopes) await runtime.publish(envelope, 'test');
    await runtime.settled();
    fire();
    await runtime.close();
    const lake = await openLake({ directory: join(directory, 'lake'), clock: { now: () => 0 } });
    const kept = (await lake.state.list('bundle')).map(({ key }) => key);
    await lake.close();
    expect(new Set(kept)).toEqual(new Set(envelopes.slice(2).map(({ digest }) => digest)));
    const again = await start();
    expect(await again.publish(envelopes[0] as BundleEnvelope, 'test')).toEqual({ changed: true, serial: 23 });
    await again.close();
  }, 240_000);
});

function envelopeOf(title: string): BundleEnvelope {
  const content = JSON.stringify(sampleBundle({ detections: [sampleDetection({ title })] }));
  return { digest: sha256Digest(content), content };
}
