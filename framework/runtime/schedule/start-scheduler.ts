import { systemTimer } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { suggest } from '../../model/suggest.ts';
import type { LaneOptions } from './attempt-run.ts';
import { listRuns, sortRuns } from './ledger.ts';
import { createLane, type QueryLane } from './query-lane.ts';
import type { QueryScheduleStatus, Scheduler, SchedulerOptions } from './scheduler.ts';
import { peekNext } from './take-due.ts';
import { createTurns } from './take-turns.ts';
import { createTicker } from './ticker.ts';
import { watchUnderway } from './underway.ts';

const defaultConcurrency = 2;
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
  const { clock } = options;
  const closing = new AbortController();
  const startTimer = options.startTimer ?? systemTimer;
  const underway = watchUnderway();
  const lanes = new Map<string, QueryLane>();
  const shared = { ...options, startTimer, closing: closing.signal };
  const takeSlot = createTurns(options.concurrency ?? defaultConcurrency);
  const laneOptions: LaneOptions = { ...shared, takeSlot, onUnderway: underway.add };

  const laneOf = (queryId: string): QueryLane => {
    const lane = lanes.get(queryId) ?? createLane(queryId, laneOptions);
    lanes.set(queryId, lane);
    return lane;
  };
  const running = (): readonly QueryRun[] => [...lanes.values()].flatMap((lane) => lane.running() ?? []);
  const ticker = createTicker({ ...shared, laneOf });
  const wake = (): void => void ticker.tick();

  wake();
  return {
    ...{ wake, tick: ticker.tick },
    trigger: async (queryId, request = {}) => {
      requireQuery(options.queries(), queryId);
      requireClock(request.scheduledAtMs, clock.now());
      return laneOf(queryId).trigger(request);
    },
    runs: (queryId) => allRuns(options, running(), queryId),
    statuses: async () => statusesOf(options, await allRuns(options, running())),
    close: async () => {
      closing.abort();
      ticker.stop();
      await underway.settle(closeWaitMs, startTimer);
    },
  };
}

/** Runs under way and those in the ledger, which may hold an earlier try of the same run. */
async function allRuns(
  { state }: SchedulerOptions,
  running: readonly QueryRun[],
  queryId?: string,
): Promise<readonly QueryRun[]> {
  const now = running.filter((run) => queryId === undefined || run.queryId === queryId);
  const ids = new Set(now.map((run) => run.runId));
  return sortRuns([...now, ...(await listRuns(state, queryId)).filter((run) => !ids.has(run.runId))]);
}

async function statusesOf(
  { state, clock, queries }: SchedulerOptions,
  runs: readonly QueryRun[],
): Promise<readonly QueryScheduleStatus[]> {
  const inForce = [...queries()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return Promise.all(
    inForce.map(async (query) => ({
      queryId: query.id,
      nextAtMs: await peekNext(state, query, clock.now()),
      lastRun: runs.find((run) => run.queryId === query.id) ?? null,
    })),
  );
}

function requireQuery(queries: readonly ScheduledQuery[], queryId: string): void {
  const ids = queries.map(({ id }) => id);
  if (ids.includes(queryId)) return;
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
