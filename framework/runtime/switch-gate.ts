/** Many may pass at once; a switch waits until they are through, and is alone. */
export interface SwitchGate {
  pass<T>(run: () => Promise<T>): Promise<T>;
  /** One switch at a time: the caller sees to that. */
  switch<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * Keeps what is checked against the live bundle and what changes it apart. A batch that was found good before a
 * switch stands before the switch in the log, so that it is read with the bundle it was found good by.
 */
export function createSwitchGate(): SwitchGate {
  const passing = new Set<Promise<unknown>>();
  let switching: Promise<unknown> | undefined;
  return {
    pass: async (run) => {
      while (switching) await switching.catch(() => {});
      const running = run();
      passing.add(running);
      try {
        return await running;
      } finally {
        passing.delete(running);
      }
    },
    switch: async (run) => {
      const running = Promise.allSettled(passing).then(run);
      switching = running;
      try {
        return await running;
      } finally {
        switching = undefined;
      }
    },
  };
}
