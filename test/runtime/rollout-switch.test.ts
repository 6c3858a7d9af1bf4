import { expect, it } from 'vitest';
import type { Bundle } from '../../framework/model/bundle.ts';
import type { Rollout } from '../../framework/model/rollout.ts';
import type { BundleCatalog } from '../../framework/runtime/bundle-catalog.ts';
import { switchRollouts } from '../../framework/runtime/rollout-switch.ts';
import { makeDirectory, open } from './lake/lake-directory.ts';

/** A bundle of one detection over a query, and the queries that it has. */
const bundle = (version: string, reads: string, queries: readonly string[]): Bundle =>
  ({
    ...{ logTypes: [], queries: queries.map((id) => ({ id })) },
    detections: [
      {
        ...{ id: 'd', firstId: 'd', version, mode: 'live', rollout: { shadowMs: 1_000, maxAlertsPerDay: 1 } },
        source: { kind: 'query', query: reads },
      },
    ],
  }) as unknown as Bundle;

const catalogs = new Map<string, BundleCatalog>(
  [
    ['one', bundle('v1', 'old', ['old'])] as const,
    ['two', bundle('v2', 'new', ['old', 'new'])] as const,
    ['without', bundle('v2', 'new', ['new'])] as const,
    ['three', bundle('v3', 'new', ['old', 'new'])] as const,
  ].map(([digest, content]) => [digest, { digest, bundle: content } as unknown as BundleCatalog]),
);
const catalogOf = (digest: string) => catalogs.get(digest) as BundleCatalog;

it('a trial goes on while what the version that alerts reads is there, and not a step longer', async () => {
  const { state } = await open(await makeDirectory());
  const bundles = { load: async (digest: string) => catalogOf(digest) };
  const go = async (from: string, to: string): Promise<readonly Rollout[]> => {
    const record = { action: 'publish', activatedAtMs: 5 } as const;
    const next = await switchRollouts(state, record, catalogOf(from), catalogOf(to).bundle, bundles);
    await state.commit(next.changes);
    return next.rollouts.map(({ value }) => value);
  };
  const live = { version: 'v1', digest: 'one' };
  expect(await go('one', 'two')).toMatchObject([{ live, trial: { version: 'v2' } }]);
  // The version before is the one in the shadow; what has to be there is what the first one reads.
  expect(await go('two', 'three')).toMatchObject([{ live, trial: { version: 'v3' } }]);
  expect(await go('three', 'without')).toEqual([]);
  expect(await state.list('rollout')).toEqual([]);
});
