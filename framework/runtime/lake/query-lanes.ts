import type { QueryLimits } from '../../model/lake.ts';
import { QueryClient } from './query-client.ts';
import { QueryLane, type QueryLaneLimits } from './query-lane.ts';

type LaneName = NonNullable<QueryLimits['lane']>;

/** A process that is one query's own until it is let go. */
export interface QueryPlace {
  readonly client: QueryClient;
  leave(): void;
}

/**
 * The lanes of queries. A query has a process to itself, so that one that eats all memory, or has to be killed,
 * fails alone. Ingest goes before them all, scheduled queries before interactive ones, those before long reads.
 * The scheduler says how many it starts; none of them is refused.
 */
const lanes: Readonly<Record<LaneName, QueryLaneLimits & { readonly niceness: number }>> = {
  scheduled: { maxRunning: 2, maxWaiting: Number.POSITIVE_INFINITY, niceness: 2 },
  interactive: { maxRunning: 2, maxWaiting: 16, niceness: 10 },
  batch: { maxRunning: 1, maxWaiting: 16, niceness: 15 },
};

/** Gives queries a process when it is their turn. */
export class QueryLanes {
  readonly #turns = new Map<LaneName, QueryLane>();
  readonly #clients = new Map<LaneName, QueryClient[]>();
  readonly #free = new Map<LaneName, QueryClient[]>();

  constructor() {
    for (const name of Object.keys(lanes) as LaneName[]) {
      this.#turns.set(name, new QueryLane(lanes[name]));
      this.#clients.set(name, []);
      this.#free.set(name, []);
    }
  }

  /**
   * A place in a lane, when its turn comes.
   *
   * @throws LAKE_BUSY, LAKE_QUERY_ABORTED, LAKE_CLOSED; nothing was begun then.
   */
  async take(lane: LaneName, signal?: AbortSignal): Promise<QueryPlace> {
    const leave = await (this.#turns.get(lane) as QueryLane).enter(signal);
    const free = this.#free.get(lane) as QueryClient[];
    const client = free.pop() ?? this.#createClient(lane); // the last one is the warmest
    return {
      client,
      leave: () => {
        free.push(client);
        leave();
      },
    };
  }

  /** Ends the processes; queries that run are given up, those that wait are refused. */
  async close(): Promise<void> {
    for (const turns of this.#turns.values()) turns.close();
    await Promise.all([...this.#clients.values()].flat().map((client) => client.close()));
  }

  #createClient(lane: LaneName): QueryClient {
    const client = new QueryClient(lanes[lane].niceness);
    this.#clients.get(lane)?.push(client);
    return client;
  }
}
