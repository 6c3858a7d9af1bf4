import type { Clock, StartTimer } from '../../model/clock.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import type { Changes, State } from '../../model/state.ts';

/** What a run of a query came to. */
export interface RunOutcome {
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly cost?: QueryRun['cost'];
  /** Log types behind the query that are silent, so that what is not there may only not have come. @defaultValue none */
  readonly staleSources?: readonly string[] | undefined;
  /** Committed together with the run's ledger entry: both or neither. */
  readonly changes: Changes;
}

/** What a run may use besides the {@link QueryRun}. */
export interface RunContext {
  /** As it is in force now that the run begins: no change of `queries` lies between it and the call of `run`. */
  readonly query: ScheduledQuery;
  /**
   * What a run last found with a clock before this is stale: since then a day has passed, and two scheduled runs that
   * should have found it again. Absent: the schedule has not come so often.
   */
  readonly staleBeforeMs: number | undefined;
  /** Aborted on timeout and when the scheduler closes. */
  readonly signal: AbortSignal;
}

/** What {@link startScheduler} needs. */
export interface SchedulerOptions {
  readonly clock: Clock;
  readonly state: State;
  /** The queries in force. Asked at every tick, and again when a run begins. */
  readonly queries: () => readonly ScheduledQuery[];
  /** Runs a query with its clock at `run.scheduledAtMs`. What it throws is a failed try. */
  readonly run: (run: QueryRun, context: RunContext) => Promise<RunOutcome>;
  /**
   * Gives what is committed together with the end of a scheduled run, whether it got through or failed for good: the
   * alert about that. For tries and runs by hand it is not asked.
   */
  readonly onEnd?: ((run: QueryRun, query: ScheduledQuery) => Promise<Changes>) | undefined;
  /** Called after every commit that may have raised alerts. */
  readonly onCommit?: (() => void) | undefined;
  /** Takes what an operator should read, one line each. */
  readonly onNotice?: ((notice: string) => void) | undefined;
  /** Runs at the same time, of different queries. @defaultValue 2 */
  readonly concurrency?: number | undefined;
  /** @defaultValue the machine's timers, which don't keep the process alive */
  readonly startTimer?: StartTimer | undefined;
}

/** How one query stands. */
export interface QueryScheduleStatus {
  readonly queryId: string;
  /** When it runs next: scheduled time and settle. `null` when its schedule never comes. */
  readonly nextAtMs: number | null;
  /** The run that started last, of the schedule or by hand. */
  readonly lastRun: QueryRun | null;
}

/** A run by hand. */
export interface TriggerOptions {
  /** The SQL clock. @defaultValue now */
  readonly scheduledAtMs?: number | undefined;
  /** Who asks, for the audit. @defaultValue 'unknown' */
  readonly actor?: string | undefined;
}

/** Runs scheduled queries. */
export interface Scheduler {
  /**
   * Runs a query once, now, after a run of it that is under way. Resolves with the finished run, failed or not, or
   * skipped when the query has gone meanwhile; the schedule goes on as if it had not been.
   *
   * @throws SCHEDULE_QUERY_UNKNOWN when no such query is in force.
   * @throws SCHEDULE_CLOCK_INVALID when the clock asked for is in the future or no time.
   * @throws SCHEDULE_CLOSED when the scheduler closes before the run has ended.
   */
  trigger(queryId: string, options?: TriggerOptions): Promise<QueryRun>;
  /** Runs of the last 7 days, of one query or all, those that started last first; running ones included. */
  runs(queryId?: string): Promise<readonly QueryRun[]>;
  /** How the queries in force stand, by id. */
  statuses(): Promise<readonly QueryScheduleStatus[]>;
  /** Looks for due runs now: after the queries in force have changed. */
  wake(): void;
  /** Runs everything that is due by the clock; resolves when it has been tried. */
  tick(): Promise<void>;
  /** Starts no more runs and aborts those under way; they are done again, with the same clock, after a restart. */
  close(): Promise<void>;
}
