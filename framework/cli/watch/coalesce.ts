/** An action that never runs twice at a time. */
export interface Coalesced {
  /** Runs the action; during a run, asks for one more run after it. Resolves when nothing is left to do. */
  run(): Promise<void>;
  /** Resolves when no run is under way. */
  settled(): Promise<void>;
}

/** Wraps an action that must not throw. */
export function coalesce(action: () => Promise<void>): Coalesced {
  let running: Promise<void> | undefined;
  let again = false;
  const loop = async (): Promise<void> => {
    do {
      again = false;
      await action();
    } while (again);
    running = undefined;
  };
  return {
    run: () => {
      if (running) again = true;
      else running = loop();
      return running ?? Promise.resolve();
    },
    settled: () => running ?? Promise.resolve(),
  };
}
