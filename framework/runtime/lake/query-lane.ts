import { MargayError } from '../../model/margay-error.ts';

/** How much of a lane there is. */
export interface QueryLaneLimits {
  /** How many queries run at a time. */
  readonly maxRunning: number;
  /** How many more may wait. */
  readonly maxWaiting: number;
}

interface Waiter {
  readonly start: () => void;
  readonly refuse: (error: MargayError) => void;
}

/** Lets a few queries run at a time, and others wait, in the order they came. */
export class QueryLane {
  readonly #limits: QueryLaneLimits;
  readonly #waiting = new Set<Waiter>();
  #running = 0;
  #isClosed = false;

  constructor(limits: QueryLaneLimits) {
    this.#limits = limits;
  }

  /**
   * Resolves when it is a query's turn. Given up before, it leaves the queue.
   *
   * @returns What ends the turn.
   * @throws LAKE_BUSY, LAKE_QUERY_ABORTED, LAKE_CLOSED; nothing was begun then.
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (this.#isClosed) throw laneClosed();
    if (signal?.aborted) throw queryAborted();
    if (this.#running < this.#limits.maxRunning) this.#running += 1;
    else await this.#wait(signal);
    return () => this.#passOn();
  }

  /** Refuses those that wait, and whoever comes. */
  close(): void {
    this.#isClosed = true;
    for (const { refuse } of [...this.#waiting]) refuse(laneClosed());
  }

  /** Resolves when it is this query's turn; the turn is counted as running already. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#limits.maxWaiting) throw laneBusy(this.#limits);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        start: () => {
          leave();
          resolve();
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.refuse(queryAborted());
      signal?.addEventListener('abort', onAbort);
      this.#waiting.add(waiter);
    });
  }

  #passOn(): void {
    const [next] = this.#waiting;
    if (next) next.start();
    else this.#running -= 1;
  }
}

/** The error of a query that its caller gave up. */
export function queryAborted(): MargayError {
  return new MargayError('LAKE_QUERY_ABORTED', 'The query was given up by its caller.');
}

function laneClosed(): MargayError {
  return new MargayError('LAKE_CLOSED', 'The lake is closed.');
}

function laneBusy({ maxRunning, maxWaiting }: QueryLaneLimits): MargayError {
  return new MargayError('LAKE_BUSY', `${maxRunning} queries run and ${maxWaiting} wait; there is no room for more.`, {
    hint: 'Try again when some of them have ended.',
  });
}
