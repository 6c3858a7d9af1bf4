import type { State } from '../model/state.ts';
import type { ConsumerPosition } from './consumer.ts';
import type { LiveChannel } from './publish-bundle.ts';

/** A bundle that went live. In State space 'channel', beside `live`: what a rollback may go back to. */
export type Activation = Pick<LiveChannel, 'digest' | 'serial' | 'activatedAtMs'>;

/** How many activations, and their bundles, are kept. */
const keptActivations = 20;

/** The key of an {@link Activation}; later ones sort last. */
export function activationKey(serial: number): string {
  return `past/${String(serial).padStart(12, '0')}`;
}

/**
 * Forgets bundles that went live before the last 20 did, unless one of those is the same or a consumer still stands in
 * it. Nothing is forgotten while an activation waits in the log. The caller sees to it that no publish is under way.
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
  const needed = new Set([
    live.digest,
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
