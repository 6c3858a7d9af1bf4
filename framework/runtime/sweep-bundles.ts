import type { Rollout } from '../model/rollout.ts';
import type { State } from '../model/state.ts';
import { type Activation, keptActivations } from './activation.ts';
import type { ConsumerPosition } from './consumer.ts';
import type { LiveChannel } from './live-channel.ts';

/**
 * Forgets bundles that went live before the last 20 did, unless one of those is the same, a consumer still stands in
 * it, or a detection of it alerts while its new version is tried. Nothing is forgotten while an activation waits in the
 * log. The caller sees to it that no publish is under way.
 */
export async function sweepBundles(
  state: State,
  live: LiveChannel | undefined,
  positions: readonly ConsumerPosition[],
): Promise<void> {
  if (!live || positions.some(({ next }) => next < live.next)) return;
  const all = await state.list<Activation>('channel', { prefix: 'past/' });
  const old = all.slice(0, -keptActivations);
  if (old.length === 0) return;
  const rollouts = await state.list<Rollout>('rollout');
  const needed = new Set([
    live.digest,
    ...rollouts.flatMap(({ value }) => value.live?.digest ?? []),
    ...positions.flatMap(({ digest }) => digest ?? []),
    ...all.slice(-keptActivations).map(({ value }) => value.digest),
  ]);
  const digests = new Set(old.map(({ value }) => value.digest).filter((digest) => !needed.has(digest)));
  await state.commit({
    remove: [
      ...old.map(({ key }) => ({ space: 'channel' as const, key })),
      ...[...digests].map((key) => ({ space: 'bundle' as const, key })),
    ],
  });
}
