import { type Clock, type StartTimer, systemTimer } from '../model/clock.ts';
import type { Log } from '../model/log-record.ts';
import type { State } from '../model/state.ts';
import { expiredWindowKeys, type WindowState } from './alert/index.ts';
import type { Consumer } from './consumer.ts';
import type { OpenLake } from './lake/index.ts';

/** What is tidied. */
export interface HousekeepingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly state: State;
  readonly lake: Pick<OpenLake, 'sweep'>;
  readonly consumers: readonly Consumer[];
  readonly onNotice: (notice: string) => void;
  /** @defaultValue the machine's timers */
  readonly startTimer?: StartTimer;
}

const everyMs = 3_600_000;

/**
 * Tidies once an hour: frees log segments that every consumer has passed, forgets alert windows that nothing can
 * join any more, deletes files that belong to no part. What fails is reported and tried again an hour later.
 *
 * @returns A function that stops it, and resolves when a round under way has ended.
 */
export function keepHouse(options: HousekeepingOptions): () => Promise<void> {
  const startTimer = options.startTimer ?? systemTimer;
  let round: Promise<void> = Promise.resolve();
  let cancel = (): void => {};
  const schedule = (): void => {
    cancel = startTimer(everyMs, () => {
      round = tidy(options).catch((error: unknown) => {
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

/** One round. */
export async function tidy({ clock, log, state, lake, consumers }: HousekeepingOptions): Promise<void> {
  await log.release(Math.min(...consumers.map((consumer) => consumer.position().next)));
  const windows = await state.list<WindowState>('window');
  const remove = expiredWindowKeys(windows, clock.now()).map((key) => ({ space: 'window' as const, key }));
  if (remove.length > 0) await state.commit({ remove });
  await lake.sweep();
}
