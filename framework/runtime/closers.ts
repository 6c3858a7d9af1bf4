/** Has something closed when everything is. */
export type OnClose = (close: () => Promise<void>) => void;

/** What is open, to be closed last in, first out. */
export interface Closers {
  readonly add: OnClose;
  closeAll(): Promise<void>;
}

/** Nothing is open yet. */
export function collectClosers(): Closers {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close) => void closers.push(close),
    closeAll: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}
