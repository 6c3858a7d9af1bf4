import type { StartTimer } from '../../model/clock.ts';

/** The promises of runs that are under way, some of which may outlive their try. */
export interface Underway {
  add(run: Promise<unknown>): void;
  /** Resolves when all have ended, or when the wait is over. */
  settle(waitMs: number, startTimer: StartTimer): Promise<void>;
}

/** Begins to watch runs. */
export function watchUnderway(): Underway {
  const underway = new Set<Promise<unknown>>();
  return {
    add: (run) => {
      underway.add(run);
      const forget = (): void => void underway.delete(run);
      run.then(forget, forget);
    },
    settle: async (waitMs, startTimer) => {
      let cancelWait = (): void => {};
      const waited = new Promise<void>((resolve) => {
        cancelWait = startTimer(waitMs, resolve);
      });
      await Promise.race([Promise.allSettled([...underway]), waited]);
      cancelWait();
    },
  };
}
