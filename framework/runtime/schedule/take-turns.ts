/** Runs tasks so that at most `limit` are under way; the others wait in order. */
export type TakeTurns = <T>(task: () => Promise<T>) => Promise<T>;

/** Creates a queue that lets so many tasks run at the same time. */
export function createTurns(limit: number): TakeTurns {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
