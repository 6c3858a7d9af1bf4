import type { Log, LogEntry, Position } from '../model/log-record.ts';
import type { Rollout } from '../model/rollout.ts';
import type { State } from '../model/state.ts';
import type { BundleStore } from './bundle-store.ts';
import type { ConsumerPosition } from './consumer.ts';
import type { ActiveBundle } from './detect-consumer.ts';
import { channelOf, type LiveChannel } from './live-channel.ts';
import { sideBySide } from './side-by-side.ts';

const readBytes = 4 * 1024 * 1024;

/** Where a consumer stands. A new one starts at the beginning. */
export async function recoverPosition(state: State, consumer: string): Promise<ConsumerPosition> {
  return (await state.get<ConsumerPosition>('position', consumer)) ?? { next: 0 };
}

/** The bundle in force at a position, with a detector of its own. */
export async function recoverActive(
  position: ConsumerPosition,
  state: State,
  bundles: BundleStore,
  detectorFor: (catalog: ActiveBundle['catalog']) => Promise<ActiveBundle['detector']>,
): Promise<ActiveBundle | undefined> {
  if (position.digest === undefined) return undefined;
  const published = await bundles.load(position.digest);
  const catalog = await sideBySide(published, await state.list<Rollout>('rollout'), bundles);
  return { catalog, detector: await detectorFor(catalog) };
}

/** The live channel at the detect consumer's position, brought up to activations that wait further on in the log. */
export async function recoverLive(state: State, log: Log, from: Position): Promise<LiveChannel | undefined> {
  let live = await state.get<LiveChannel>('channel', 'live');
  let entries = await log.read(from, readBytes);
  for (; entries.length > 0; entries = await log.read((entries.at(-1) as LogEntry).next, readBytes)) {
    for (const { record, next } of entries) {
      if (record.kind === 'activation') live = channelOf(record, next);
    }
  }
  return live;
}
