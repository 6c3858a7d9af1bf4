import type { QueryCost } from './lake.ts';

/**
 * How a run of a scheduled query stands. `retrying` and `running` are on their way, the others are final. `skipped` ran
 * not at all, or (with `staleSources`) found no rows while a source was silent, which proves nothing.
 */
export type QueryRunStatus = 'running' | 'retrying' | 'succeeded' | 'failed' | 'timed_out' | 'skipped';

/** One run of a scheduled query: what the ledger holds and the API shows. */
export interface QueryRun {
  /** hash(query, scheduled time); manual runs add when they were asked for. */
  readonly runId: string;
  readonly queryId: string;
  /** The clock that the SQL sees. */
  readonly scheduledAtMs: number;
  /** Scheduled runs: the time of the run before. The run stands for the half-open interval [this, scheduled). */
  readonly coversFromMs?: number | undefined;
  readonly trigger: 'schedule' | 'manual';
  /** Who asked for a manual run. */
  readonly actor?: string | undefined;
  readonly status: QueryRunStatus;
  /** Tries so far, the present one included. */
  readonly attempts: number;
  readonly startedAtMs?: number | undefined;
  readonly finishedAtMs?: number | undefined;
  /** While `retrying`: when the next try is due. */
  readonly retryAtMs?: number | undefined;
  readonly rowCount?: number | undefined;
  readonly truncated?: boolean | undefined;
  readonly cost?: QueryCost | undefined;
  /** Log types behind the query that were silent: what is not among the rows may only not have come. */
  readonly staleSources?: readonly string[] | undefined;
  /** Why it failed or was skipped: a code and a message. */
  readonly error?: string | undefined;
}
