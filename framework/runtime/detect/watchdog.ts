import { performance } from 'node:perf_hooks';
import type { Phase, Snapshot } from './progress.ts';

/** What the watchdog watches. */
export interface WatchdogOptions {
  readonly read: () => Snapshot;
  /** Content that comes no further for so long hangs. */
  readonly hangMs: number;
  readonly onHang: (snapshot: Snapshot) => void;
}

/** Looks every now and then whether the worker has come further. */
export interface Watchdog {
  start(): void;
  stop(): void;
}

/**
 * How much longer than one function something may take before it counts as hanging: all the top-level code of a
 * bundle, and our own work on a whole batch (a big one takes seconds to parse).
 */
const patience: Readonly<Record<Phase, number>> = { content: 1, loading: 10, framework: 60, starting: 60 };

/** Creates a watchdog that is not watching yet. */
export function createWatchdog({ read, hangMs, onHang }: WatchdogOptions): Watchdog {
  const tickMs = Math.max(5, hangMs / 10);
  let timer: NodeJS.Timeout | undefined;
  let last = read();
  let lookedAtMs = 0;
  let stalledMs = 0;

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const look = (): void => {
    const nowMs = performance.now();
    // A long gap means that this process was not running either; the worker is not to blame for it.
    const elapsedMs = Math.min(nowMs - lookedAtMs, 2 * tickMs);
    const snapshot = read();
    stalledMs = snapshot.beat === last.beat ? stalledMs + elapsedMs : 0;
    last = snapshot;
    lookedAtMs = nowMs;
    if (stalledMs < hangMs * patience[snapshot.phase]) return;
    stop();
    onHang(snapshot);
  };
  return {
    start: () => {
      if (timer) return;
      last = read();
      lookedAtMs = performance.now();
      stalledMs = 0;
      timer = setInterval(look, tickMs).unref();
    },
    stop,
  };
}
