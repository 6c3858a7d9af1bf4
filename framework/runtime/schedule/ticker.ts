import type { StartTimer } from '../../model/clock.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { sweepLedger } from './ledger.ts';
import type { QueryLane } from './query-lane.ts';
import type { SchedulerOptions } from './scheduler.ts';

/** Looks for due runs when the next one is due, and whenever it is asked to. */
export interface Ticker {
  /** Runs everything that is due by the clock; resolves when it has been tried. */
  tick(): Promise<void>;
  /** Looks no more. */
  stop(): void;
}

interface TickerOptions extends Pick<SchedulerOptions, 'clock' | 'state' | 'queries' | 'onNotice'> {
  readonly laneOf: (queryId: string) => QueryLane;
  readonly startTimer: StartTimer;
  readonly closing: AbortSignal;
}

/** Between two looks at least and at most: trouble does not spin, and a query that is new is seen soon. */
const minWaitMs = 1_000;
const maxWaitMs = 60_000;
const sweepEveryMs = 86_400_000;

/** Creates a ticker, which has not ticked yet. */
export function createTicker(options: TickerOptions): Ticker {
  const { clock, state, laneOf, closing } = options;
  let cancelTimer: (() => void) | undefined;
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  const arm = (): void => {
    cancelTimer?.();
    if (closing.aborted) return;
    const times = options.queries().map((query) => laneOf(query.id).wakeAtMs() ?? Number.POSITIVE_INFINITY);
    const waitMs = Math.min(...times) - clock.now();
    cancelTimer = options.startTimer(Math.min(Math.max(waitMs, minWaitMs), maxWaitMs), () => void tick());
  };

  const report = (what: string, error: unknown): void => {
    if (closing.aborted) return;
    options.onNotice?.(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };

  const drain = async (query: ScheduledQuery): Promise<void> => {
    try {
      await laneOf(query.id).drain();
    } catch (error) {
      report(`Scheduled query ${query.id} cannot run`, error);
    } finally {
      arm();
    }
  };

  const sweep = async (): Promise<void> => {
    if (clock.now() - sweptAtMs < sweepEveryMs) return;
    sweptAtMs = clock.now();
    await sweepLedger(state, clock.now()).catch((error: unknown) => report('The ledger cannot be swept', error));
  };

  async function tick(): Promise<void> {
    if (closing.aborted) return;
    const drains = options.queries().map(drain);
    arm();
    await Promise.all([...drains, sweep()]);
  }

  return { tick, stop: () => cancelTimer?.() };
}
