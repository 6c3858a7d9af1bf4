import type { Notification } from '../../../framework/model/alert.ts';
import type { Routing } from '../../../framework/model/destination.ts';
import { createMemoryState, type MemoryState } from '../../../framework/model/memory-state.ts';
import {
  type Delivery,
  type DeliveryOptions,
  enqueue,
  startDelivery,
} from '../../../framework/runtime/deliver/index.ts';
import { buildNotification, tenMs } from './build-notification.ts';

export interface TestDelivery {
  readonly delivery: Delivery;
  readonly state: MemoryState;
  readonly notices: readonly string[];
  /** Puts notifications into the outbox, as the alerts' commit does. */
  put(...notifications: readonly Notification[]): Promise<void>;
  /** Sets the clock to so many milliseconds after the start, and sends what is due. */
  at(afterMs: number): Promise<void>;
  /** The timer that is armed now. */
  timer(): TestTimer | undefined;
  /** Lets the time of the armed timer pass, and fires it. */
  passTimer(): void;
}

/** A timer that the test fires. */
export interface TestTimer {
  readonly delayMs: number;
  readonly fire: () => void;
}

/** A delivery whose clock and timers the test drives, without jitter. */
export function startTestDelivery(
  routing: Routing,
  options: Partial<DeliveryOptions> & { readonly state?: MemoryState } = {},
): TestDelivery {
  const state = options.state ?? createMemoryState();
  const startMs = tenMs + 120_000;
  let nowMs = startMs;
  let timer: TestTimer | undefined;
  const notices: string[] = [];
  const delivery = startDelivery({
    env: {},
    random: () => 0,
    startTimer: (delayMs, fire) => {
      const started = { delayMs, fire };
      timer = started;
      return () => {
        if (timer === started) timer = undefined;
      };
    },
    onNotice: (notice) => notices.push(notice),
    routing: () => routing,
    ...options,
    state,
    clock: { now: () => nowMs },
  });
  return {
    ...{ delivery, state, notices },
    put: async (...notifications) => {
      await state.commit({ put: enqueue(notifications.length > 0 ? notifications : [buildNotification()], routing) });
      for (const { alert } of notifications) {
        await state.commit({ put: [{ space: 'alert', key: alert.alertId, value: alert }] });
      }
    },
    at: async (afterMs) => {
      nowMs = startMs + afterMs;
      await delivery.tick();
    },
    timer: () => timer,
    passTimer: () => {
      const due = timer;
      timer = undefined;
      nowMs += due?.delayMs ?? 0;
      due?.fire();
    },
  };
}
