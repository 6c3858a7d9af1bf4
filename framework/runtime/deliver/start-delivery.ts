import { systemTimer } from '../../model/clock.ts';
import type { Delivery, DeliveryOptions } from './delivery.ts';
import { createLane, type DestinationLane } from './destination-lane.ts';
import type { OutboxEntry } from './outbox.ts';
import {
  countDeliveries,
  listDeliveries,
  replayEntries,
  replayEntry,
  reportAlert,
  sweepOutbox,
} from './outbox-reports.ts';

const minWaitMs = 1_000;
const maxWaitMs = 60_000;
const sweepEveryMs = 86_400_000;

/**
 * Starts sending what is in the outbox: one send at a time per destination, each entry until it is delivered or dead.
 *
 * At least once: the outcome is committed after the send, so a crash between the two sends again, with the same
 * notification id, by which receivers tell a repetition.
 */
export function startDelivery(options: DeliveryOptions): Delivery {
  const { state, clock } = options;
  const startTimer = options.startTimer ?? systemTimer;
  const lanes = new Map<string, DestinationLane>();
  const active = new Set<Promise<void>>();
  let isClosed = false;
  let isStale = false;
  let loading: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  const laneOf = (destination: string): DestinationLane => {
    const lane = lanes.get(destination) ?? createLane({ ...options, isClosed: () => isClosed });
    lanes.set(destination, lane);
    return lane;
  };

  /** Reads the outbox once more after the latest call, however many calls there are meanwhile. */
  const load = (): Promise<void> => {
    isStale = true;
    loading ??= (async () => {
      try {
        while (isStale) {
          isStale = false;
          const entries = await state.list<OutboxEntry>('outbox', { prefix: 'pending/' });
          for (const { value } of entries) laneOf(value.destination).add(value);
        }
      } finally {
        loading = undefined;
      }
    })();
    return loading;
  };

  const arm = (): void => {
    cancelTimer?.();
    if (isClosed) return;
    const times = [...lanes.values()].map((lane) => lane.nextAtMs() ?? Number.POSITIVE_INFINITY);
    const waitMs = Math.min(...times) - clock.now();
    cancelTimer = startTimer(Math.min(Math.max(waitMs, minWaitMs), maxWaitMs), wake);
  };

  const sweep = async (): Promise<void> => {
    if (clock.now() - sweptAtMs < sweepEveryMs) return;
    sweptAtMs = clock.now();
    await sweepOutbox(state, clock.now());
  };

  const work = async (): Promise<void> => {
    if (isClosed) return;
    try {
      await load();
      // Each lane arms the timer when it has drained: one that is slow holds up no retry of another.
      const drains = [...lanes.values()].map((lane) => lane.drain().finally(arm));
      await Promise.all([...drains, sweep()]);
    } catch (error) {
      options.onNotice?.(`The outbox cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      arm();
    }
  };

  const tick = (): Promise<void> => {
    const done = work();
    active.add(done);
    return done.finally(() => active.delete(done));
  };

  function wake(): void {
    void tick();
  }

  const idle = async (): Promise<void> => {
    while (active.size > 0) await Promise.all(active);
  };

  wake();
  return {
    ...{ wake, tick, idle },
    counts: () => countDeliveries(state),
    reportsOf: (alertId) => reportAlert(state, alertId),
    list: (filter) => listDeliveries(state, filter),
    replay: async (key) => {
      await replayEntry(state, key, clock.now());
      wake();
    },
    replayAll: async () => {
      const count = await replayEntries(state, clock.now());
      wake();
      return count;
    },
    close: async () => {
      isClosed = true;
      cancelTimer?.();
      await idle();
    },
  };
}
