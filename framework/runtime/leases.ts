/** Who still uses something that is to be closed when nobody does. */
export interface Leases {
  /** @returns A function that gives it back. */
  take(): () => void;
  allReleased(): Promise<void>;
}

/** Counts leases; none is open yet. */
export function createLeases(): Leases {
  let open = 0;
  let settle = (): void => {};
  return {
    take: () => {
      open += 1;
      let isOpen = true;
      return () => {
        if (isOpen) open -= 1;
        isOpen = false;
        if (open === 0) settle();
      };
    },
    allReleased: () =>
      new Promise((resolve) => {
        settle = resolve;
        if (open === 0) resolve();
      }),
  };
}
