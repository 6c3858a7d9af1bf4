import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, LogEntry, Position } from '../model/log-record.ts';
import type { LastHeard } from './last-heard.ts';

/** How far a consumer has come, and the bundle in force there. Kept in State space 'position'. */
export interface ConsumerPosition {
  readonly next: Position;
  /** Digest of the bundle in force. Absent before the first activation. */
  readonly digest?: string | undefined;
  /** Of the detect consumer: when each log type was last heard of. */
  readonly heard?: LastHeard | undefined;
}

/** A reader of the log whose position commits together with what it produced. */
export interface Consumer {
  position(): ConsumerPosition;
  /**
   * Resolves when everything before a log position is committed. Rejects when the signal aborts, with its reason,
   * or the consumer closes first.
   */
  reach(position: Position, signal?: AbortSignal): Promise<void>;
  /** Why the last step failed, while it is being retried. */
  stalledBy(): string | undefined;
  close(): Promise<void>;
}

/** A step that has read and made everything, and has no effect yet. */
export interface PreparedStep {
  /** Where the consumer stands when it is committed. */
  readonly position: ConsumerPosition;
  /** Commits its effects together with its position. The next step is prepared meanwhile. */
  commit(): Promise<void>;
}

/** What a consumer needs. */
export interface ConsumerOptions {
  readonly name: string;
  readonly log: Log;
  readonly start: ConsumerPosition;
  /** About how many bytes of log one step reads. */
  readonly maxBytes: number;
  /** Wait this long for more input before a step, unless somebody waits or a whole step's input is there. @defaultValue 0 */
  readonly lingerMs?: number;
  /**
   * Handles a prefix of the entries: commits, and says where it stands now; or only prepares. What was prepared is
   * committed in order, and thrown away where what stands before it could not be committed.
   */
  readonly step: (entries: readonly LogEntry[], from: ConsumerPosition) => Promise<ConsumerPosition | PreparedStep>;
  readonly onNotice: (notice: string) => void;
}

/** The step that comes next, on its way. */
interface Ahead {
  readonly step: Promise<PreparedStep | undefined>;
  giveUp(): void;
}

const firstRetryMs = 100;
const lastRetryMs = 10_000;

/**
 * Runs a consumer until it is closed. A step that fails is retried from the same position with backoff, and
 * is reported once per distinct reason: input that was acknowledged is never skipped.
 */
export function startConsumer(options: ConsumerOptions): Consumer {
  const { log, name } = options;
  const stopping = new AbortController();
  const waiters: {
    readonly position: Position;
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  let hurry = new AbortController();
  let position = options.start;
  let stalled: string | undefined;

  const settleWaiters = (): void => {
    for (let i = waiters.length - 1; i >= 0; i--) {
      const waiter = waiters[i] as (typeof waiters)[number];
      if (waiter.position > position.next) continue;
      waiters.splice(i, 1);
      waiter.resolve();
    }
  };

  const waitFor = (target: Position, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiters.splice(waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const settle =
        <T extends readonly unknown[]>(act: (...args: T) => void) =>
        (...args: T): void => {
          signal?.removeEventListener('abort', giveUp);
          act(...args);
        };
      const waiter = { position: target, resolve: settle(resolve), reject: settle(reject) };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiters.push(waiter);
      hurry.abort();
      hurry = new AbortController();
    });

  const linger = async (from: Position, stop: AbortSignal): Promise<void> => {
    if (!options.lingerMs || waiters.some((waiter) => waiter.position > from)) return;
    const enough = new AbortController();
    const signal = AbortSignal.any([hurry.signal, stop, enough.signal]);
    const waiting = sleep(options.lingerMs, undefined, { signal }).catch(() => {});
    await Promise.race([waiting, log.waitPast(from + options.maxBytes - 1, signal)]);
    enough.abort();
  };

  /** `undefined`: it was stopped. */
  const prepare = async (from: ConsumerPosition, stop: AbortSignal): Promise<PreparedStep | undefined> => {
    await log.waitPast(from.next, stop);
    await linger(from.next, stop);
    const entries = stop.aborted ? [] : await log.read(from.next, options.maxBytes);
    if (entries.length === 0) return undefined;
    const step = await options.step(entries, from);
    return 'commit' in step ? step : { position: step, commit: async () => {} };
  };

  const prepareAhead = (from: ConsumerPosition): Ahead => {
    const giveUp = new AbortController();
    const step = prepare(from, AbortSignal.any([stopping.signal, giveUp.signal]));
    step.catch(() => {}); // it is told of when it is its turn
    return { step, giveUp: () => giveUp.abort() };
  };

  let ahead: Ahead | undefined;
  const advance = async (): Promise<void> => {
    const turn = ahead ?? prepareAhead(position);
    ahead = undefined;
    const step = await turn.step;
    if (!step) return;
    ahead = prepareAhead(step.position);
    try {
      await step.commit();
    } catch (error) {
      ahead.giveUp();
      await ahead.step.catch(() => {});
      ahead = undefined;
      throw error;
    }
    position = step.position;
    stalled = undefined;
    settleWaiters();
  };

  const run = async (): Promise<void> => {
    let retryMs = firstRetryMs;
    while (!stopping.signal.aborted) {
      try {
        await advance();
        retryMs = firstRetryMs;
      } catch (error) {
        if (stopping.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== stalled) options.onNotice(`${name} failed at position ${position.next}, retrying: ${reason}`);
        stalled = reason;
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => {});
        retryMs = Math.min(retryMs * 2, lastRetryMs);
      }
    }
  };

  const running = run();
  return {
    position: () => position,
    stalledBy: () => stalled,
    reach: async (target, signal) => {
      if (target <= position.next) return;
      if (stopping.signal.aborted) throw new Error(`${name} is closed`);
      signal?.throwIfAborted();
      await waitFor(target, signal);
    },
    close: async () => {
      stopping.abort();
      await running;
      await ahead?.step.catch(() => {});
      for (const waiter of waiters.splice(0)) waiter.reject(new Error(`${name} is closed`));
    },
  };
}
