import { systemTimer } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { suggest } from '../../model/suggest.ts';
import { listRuns, sortRuns, sweepLedger } from './ledger.ts';
import { createLane, type LaneOptions, type QueryLane } from './query-lane.ts';
import type { Scheduler, SchedulerOptions, TriggerOptions } from './scheduler.ts';
import { peekNext } from './take-due.ts';
import { createTurns } from './take-turns.ts';

const defaultConcurrency = 2;
/** Between two looks at least and at most: trouble does not spin, and a query that is new is seen soon. */
const minWaitMs = 1_000;
const maxWaitMs = 60_000;
const sweepEveryMs = 86_400_000;
/** A run that does not heed its signal holds up closing this long. */
const closeWaitMs = 5_000;

/**
 * Starts running scheduled queries.
 *
 * A run executes at its scheduled time plus the query's `settle`, with the SQL clock at the scheduled time. Its
 * ledger entry is committed with what it changed, so that a crash leaves either both or a run that is done again with
 * the same clock. Runs of one query never overlap and keep their order; a failed try is repeated twice, after 30 s and
 * 2 min, before the run has failed and the next one comes.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { clock, state } = options;
  const closing = new AbortController();
  const startTimer = options.startTimer ?? systemTimer;
  const underway = new Set<Promise<unknown>>();
  const lanes = new Map<string, QueryLane>();
  let cancelTimer: (() => void) | undefined;
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  const laneOptions: LaneOptions = {
    ...options,
    startTimer,
    takeSlot: createTurns(options.concurrency ?? defaultConcurrency),
    closing: closing.signal,
    onUnderway: (run) => {
      underway.add(run);
      const forget = (): void => void underway.delete(run);
      run.then(forget, forget);
    },
  };

  const laneOf = (queryId: string): QueryLane => {
    const lane = lanes.get(queryId) ?? createLane(queryId, laneOptions);
    lanes.set(queryId, lane);
    return lane;
  };

  const arm = (): void => {
    cancelTimer?.();
    if (closing.signal.aborted) return;
    const times = options.queries().map((query) => lanes.get(query.id)?.wakeAtMs() ?? Number.POSITIVE_INFINITY);
    const waitMs = Math.min(...times) - clock.now();
    cancelTimer = startTimer(Math.min(Math.max(waitMs, minWaitMs), maxWaitMs), wake);
  };

  const report = (what: string, error: unknown): void => {
    if (closing.signal.aborted) return;
    options.onNotice?.(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };

  const drain = async (query: ScheduledQuery): Promise<void> => {
    try {
      await laneOf(query.id).drain();
    } catch (error) {
      report(`Scheduled query ${query.id} cannot run`, error);
    } finally {
      arm();
    }
  };

  const sweep = async (): Promise<void> => {
    if (clock.now() - sweptAtMs < sweepEveryMs) return;
    sweptAtMs = clock.now();
    await sweepLedger(state, clock.now()).catch((error: unknown) => report('The ledger cannot be swept', error));
  };

  const tick = async (): Promise<void> => {
    if (closing.signal.aborted) return;
    const drains = options.queries().map(drain);
    arm();
    await Promise.all([...drains, sweep()]);
  };

  function wake(): void {
    void tick();
  }

  const running = (): readonly QueryRun[] => [...lanes.values()].flatMap((lane) => lane.running() ?? []);

  const runs = async (queryId?: string): Promise<readonly QueryRun[]> => {
    const now = running().filter((run) => queryId === undefined || run.queryId === queryId);
    const ids = new Set(now.map((run) => run.runId));
    return sortRuns([...now, ...(await listRuns(state, queryId)).filter((run) => !ids.has(run.runId))]);
  };

  const trigger = async (queryId: string, request: TriggerOptions = {}): Promise<QueryRun> => {
    const query = requireQuery(options.queries(), queryId);
    requireClock(request.scheduledAtMs, clock.now());
    return laneOf(queryId).trigger(query, request);
  };

  wake();
  return {
    ...{ trigger, runs, tick, wake },
    statuses: async () => {
      const all = await runs();
      const queries = [...options.queries()].sort((a, b) => (a.id < b.id ? -1 : 1));
      return Promise.all(
        queries.map(async (query) => ({
          queryId: query.id,
          nextAtMs: await peekNext(state, query, clock.now()),
          lastRun: all.find((run) => run.queryId === query.id) ?? null,
        })),
      );
    },
    close: async () => {
      closing.abort();
      cancelTimer?.();
      let cancelWait = (): void => {};
      const waited = new Promise<void>((resolve) => {
        cancelWait = startTimer(closeWaitMs, resolve);
      });
      await Promise.race([Promise.allSettled([...underway]), waited]);
      cancelWait();
    },
  };
}

function requireQuery(queries: readonly ScheduledQuery[], queryId: string): ScheduledQuery {
  const query = queries.find(({ id }) => id === queryId);
  if (query) return query;
  const ids = queries.map(({ id }) => id);
  throw new MargayError('SCHEDULE_QUERY_UNKNOWN', `No scheduled query '${queryId}' is in force.`, {
    hint: suggest(queryId, ids) ?? 'Publish it first.',
  });
}

function requireClock(scheduledAtMs: number | undefined, nowMs: number): void {
  if (scheduledAtMs === undefined || scheduledAtMs <= nowMs) return;
  const found = Number.isNaN(scheduledAtMs) ? 'is no time' : 'lies in the future';
  throw new MargayError('SCHEDULE_CLOCK_INVALID', `The clock asked for ${found}.`, {
    hint: 'Give an ISO 8601 time that has passed, or none to run with the clock at now.',
  });
}
