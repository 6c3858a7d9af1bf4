import type { StartTimer } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { stableId } from '../../model/stable-id.ts';
import type { Changes } from '../../model/state.ts';
import { endManualRun, endScheduledRun, isoTime, mergeChanges, runKey, scheduledRunId } from './ledger.ts';
import { lastScheduledUntil } from './schedule-times.ts';
import type { SchedulerOptions, TriggerOptions } from './scheduler.ts';
import { takeDue } from './take-due.ts';
import { createTurns, type TakeTurns } from './take-turns.ts';
import { failedTry, type Try, tryRun } from './try-run.ts';

/** The runs of one query, one at a time. */
export interface QueryLane {
  /** Runs what is due; resolves when nothing is, or when the next try has to wait. */
  drain(): Promise<void>;
  trigger(query: ScheduledQuery, options: TriggerOptions): Promise<QueryRun>;
  /** When the lane has something to do again; `undefined` while it is at work or its schedule never comes. */
  wakeAtMs(): number | undefined;
  running(): QueryRun | undefined;
}

/** What a lane shares with the others. */
export interface LaneOptions extends Pick<SchedulerOptions, 'clock' | 'state' | 'queries' | 'run' | 'onCommit'> {
  readonly takeSlot: TakeTurns;
  readonly startTimer: StartTimer;
  readonly closing: AbortSignal;
  readonly onUnderway: (underway: Promise<unknown>) => void;
}

/** Waits before the second and the third try; there is no fourth. */
const retryAfterMs = [30_000, 120_000];

/** Creates the lane of a query. */
export function createLane(queryId: string, options: LaneOptions): QueryLane {
  const { clock, state, closing } = options;
  const takeTurn = createTurns(1);
  let running: QueryRun | undefined;
  let wakeAtMs: number | undefined;
  let draining: Promise<void> | undefined;
  let manualCount = 0;

  /** Tries a run, and commits what it changed together with `end`'s ledger entry. */
  const attempt = async (query: ScheduledQuery, run: QueryRun, end: (run: QueryRun) => Changes): Promise<Try> => {
    running = { ...run, startedAtMs: clock.now() };
    const tried = await tryRun(running, { ...options, query });
    if (tried.kind !== 'done') return tried;
    const { rowCount, truncated, changes } = tried.outcome;
    const done: QueryRun = { ...running, status: 'succeeded', finishedAtMs: clock.now(), rowCount, truncated };
    try {
      await state.commit(mergeChanges(changes, end(done)));
    } catch (error) {
      return failedTry(error);
    }
    running = done;
    options.onCommit?.();
    return tried;
  };

  const finished = (run: QueryRun, failed: Try & { readonly kind: 'failed' }): QueryRun => {
    const { status, error } = failed;
    return { ...run, status, error, finishedAtMs: clock.now(), retryAtMs: undefined };
  };

  const runScheduled = async (query: ScheduledQuery, due: QueryRun): Promise<boolean> => {
    const tried = await attempt(query, due, (run) => endScheduledRun(query, run));
    const started = running ?? due;
    running = undefined;
    if (tried.kind !== 'failed') return tried.kind === 'done';
    const delayMs = retryAfterMs[due.attempts - 1];
    if (delayMs === undefined) {
      await state.commit(endScheduledRun(query, finished(started, tried)));
      return true;
    }
    const retrying: QueryRun = {
      ...started,
      status: 'retrying',
      error: tried.error,
      retryAtMs: clock.now() + delayMs,
    };
    await state.commit({ put: [{ space: 'ledger', key: runKey(query.id, due.scheduledAtMs), value: retrying }] });
    return true;
  };

  /** `true`: there may be more to do. The query is looked up each time: a new bundle may have changed it. */
  const step = async (): Promise<boolean> => {
    const query = options.queries().find(({ id }) => id === queryId);
    if (!query || closing.aborted) return false;
    const due = await takeDue(state, query, clock.now());
    wakeAtMs = due.wakeAtMs;
    if (due.run === undefined) return false;
    const { scheduledAtMs, earlier } = due.run;
    const [coversFromMs] = lastScheduledUntil(query.schedule, scheduledAtMs - 1, 1);
    const run: QueryRun = {
      runId: scheduledRunId(query.id, scheduledAtMs),
      queryId: query.id,
      scheduledAtMs,
      coversFromMs,
      trigger: 'schedule',
      status: 'running',
      attempts: (earlier?.attempts ?? 0) + 1,
    };
    return options.takeSlot(async () => !closing.aborted && runScheduled(query, run));
  };

  const runManually = async (query: ScheduledQuery, { scheduledAtMs, actor = 'unknown' }: TriggerOptions) => {
    const askedAtMs = clock.now();
    const clockMs = scheduledAtMs ?? askedAtMs;
    const mark = `${isoTime(askedAtMs)}-${++manualCount}`;
    const key = `${query.id}/manual/${mark}`;
    const runId = stableId(query.id, isoTime(clockMs), 'manual', mark);
    const asked: QueryRun = {
      ...{ runId, queryId: query.id, scheduledAtMs: clockMs, trigger: 'manual', actor, status: 'running', attempts: 1 },
    };
    if (closing.aborted) throw closedError();
    const tried = await attempt(query, asked, (run) => endManualRun(key, run, askedAtMs));
    const run = running ?? asked;
    running = undefined;
    if (tried.kind === 'aborted') throw closedError();
    if (tried.kind === 'done') return run;
    const failed = finished(run, tried);
    await state.commit(endManualRun(key, failed, askedAtMs));
    return failed;
  };

  return {
    drain: () => {
      draining ??= (async () => {
        try {
          while (await takeTurn(step));
        } finally {
          draining = undefined;
        }
      })();
      return draining;
    },
    trigger: (query, request) => takeTurn(() => options.takeSlot(() => runManually(query, request))),
    wakeAtMs: () => (draining ? undefined : wakeAtMs),
    running: () => running,
  };
}

/** What waits for a run when the scheduler closes. */
function closedError(): MargayError {
  return new MargayError('SCHEDULE_CLOSED', 'The scheduler was closed before the run had ended.', {
    hint: 'Ask again once the runtime is up.',
  });
}
