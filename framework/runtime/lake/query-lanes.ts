import type { QueryLimits, QueryResult } from '../../model/lake.ts';
import { QueryClient } from './query-client.ts';
import { QueryLane } from './query-lane.ts';

interface Lane {
  readonly turns: QueryLane;
  readonly client: QueryClient;
}

/**
 * The lanes of queries. Each has a process of its own, so that an interactive query that eats all memory, or many
 * of them, never fail or delay a scheduled one. The scheduler says how many it starts; none of them is refused.
 */
export class QueryLanes {
  readonly #lanes: Readonly<Record<NonNullable<QueryLimits['lane']>, Lane>> = {
    interactive: { turns: new QueryLane({ maxRunning: 2, maxWaiting: 16 }), client: new QueryClient() },
    scheduled: {
      turns: new QueryLane({ maxRunning: 2, maxWaiting: Number.POSITIVE_INFINITY }),
      client: new QueryClient(),
    },
  };

  /**
   * Does the work in the query's lane, with the lane's process, when its turn comes.
   *
   * @throws LAKE_BUSY, LAKE_QUERY_ABORTED, LAKE_CLOSED; nothing was begun then.
   */
  run(
    lane: QueryLimits['lane'],
    work: (client: QueryClient) => Promise<QueryResult>,
    signal?: AbortSignal,
  ): Promise<QueryResult> {
    const { turns, client } = this.#lanes[lane ?? 'interactive'];
    return turns.run(() => work(client), signal);
  }

  /** Ends the processes; queries that run are given up, those that wait are refused. */
  async close(): Promise<void> {
    const lanes = Object.values(this.#lanes);
    for (const { turns } of lanes) turns.close();
    await Promise.all(lanes.map(({ client }) => client.close()));
  }
}
