import type { Bundle } from '../model/bundle.ts';
import { type Clock, type StartTimer, systemTimer } from '../model/clock.ts';
import type { Log } from '../model/log-record.ts';
import type { State } from '../model/state.ts';
import { expiredWindowKeys, type WindowState } from './alert/index.ts';
import type { Archiving } from './archiving.ts';
import type { Consumer, ConsumerPosition } from './consumer.ts';
import type { OpenLake } from './lake/index.ts';
import { sweepMutes } from './mutes.ts';
import type { Publisher } from './publish-bundle.ts';
import { retentionOf } from './retention-of.ts';
import { sweepBackfills } from './services/backfill/sweep-backfills.ts';
import { sweepAlerts } from './sweep-alerts.ts';
import { sweepBundles } from './sweep-bundles.ts';

/** What is tidied. */
export interface HousekeepingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: State;
  readonly lake: Pick<OpenLake, 'expire' | 'sweep'>;
  readonly archive: Pick<Archiving, 'sweep'>;
  /** What says how long things are kept; while nothing is live nothing goes. */
  readonly bundle: () => Pick<Bundle, 'logTypes' | 'retention'> | undefined;
  readonly consumers: readonly Consumer[];
  /** Those of them that load bundles. */
  readonly loaders: readonly Consumer[];
  readonly publisher: Pick<Publisher, 'live' | 'betweenPublishes'>;
  readonly onNotice: (notice: string) => void;
  /** @defaultValue the machine's timers */
  readonly startTimer?: StartTimer | undefined;
}

const everyMs = 3_600_000;
/** An event that is delivered again within this time is known to have matched before. */
const seenForMs = 90 * 24 * everyMs;

/**
 * Tidies once an hour: frees log segments that every consumer has passed, forgets alert windows that nothing can
 * join any more, match ids seen more than 90 days ago, mutes that have ended, and alerts, backfills and bundles that nothing needs, removes rows
 * and archived batches that are older than they are kept, deletes files that belong to no part. What fails is reported
 * and tried again an hour later.
 *
 * @returns A function that stops it, and resolves when a round under way has ended.
 */
export function keepHouse(options: HousekeepingOptions): () => Promise<void> {
  const startTimer = options.startTimer ?? systemTimer;
  let round: Promise<void> = Promise.resolve();
  let roundCount = 0;
  let cancel = (): void => {};
  const schedule = (): void => {
    cancel = startTimer(everyMs, () => {
      round = tidy(options, roundCount++).catch((error: unknown) => {
        options.onNotice(`housekeeping failed: ${error instanceof Error ? error.message : String(error)}`);
      });
      schedule();
    });
  };
  schedule();
  return async () => {
    cancel();
    await round;
  };
}

/** One round. Of match ids and alerts each round looks at a 16th, so that none is long. */
export async function tidy(options: HousekeepingOptions, roundNumber: number): Promise<void> {
  const { clock, log, state, lake, archive, consumers, loaders, publisher, onNotice } = options;
  const nowMs = clock.now();
  const prefix = (roundNumber % 16).toString(16);
  await log.release(Math.min(...positionsOf(consumers).map(({ next }) => next)));
  await sweepMatches(state, prefix, nowMs);
  const bundle = options.bundle();
  if (bundle) {
    const retention = retentionOf(bundle);
    for (const { table, rowCount, throughDay } of await lake.expire(retention))
      onNotice(`retention: removed ${rowCount} rows of ${table}, of days up to ${throughDay}`);
    await archive.sweep(bundle);
    await sweepAlerts(state, { retentionMs: retention.get('alerts'), prefix, nowMs });
  }
  await sweepBackfills(state, nowMs);
  await sweepMutes(state, nowMs);
  await publisher.betweenPublishes(() => sweepBundles(state, publisher.live(), positionsOf(loaders)));
  await lake.sweep();
}

function positionsOf(consumers: readonly Consumer[]): readonly ConsumerPosition[] {
  return consumers.map((consumer) => consumer.position());
}

/** Windows that nothing can join any more, and match ids that nobody delivers again. */
async function sweepMatches(state: State, prefix: string, nowMs: number): Promise<void> {
  const windows = expiredWindowKeys(await state.list<WindowState>('window'), nowMs);
  const seen = await state.list<{ readonly seenAtMs: number }>('match', { prefix });
  const forgotten = seen.filter(({ value }) => value.seenAtMs < nowMs - seenForMs);
  const remove = [
    ...windows.map((key) => ({ space: 'window' as const, key })),
    ...forgotten.map(({ key }) => ({ space: 'match' as const, key })),
  ];
  if (remove.length > 0) await state.commit({ remove });
}
