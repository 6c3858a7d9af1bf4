import type { StartTimer } from '../../model/clock.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import type { Changes } from '../../model/state.ts';
import { mergeChanges } from './ledger.ts';
import { staleBefore } from './schedule-times.ts';
import type { RunOutcome, SchedulerOptions } from './scheduler.ts';
import type { TakeTurns } from './take-turns.ts';
import { failedTry, type Try, tryRun } from './try-run.ts';

/** What runs share, of whatever query. */
export interface LaneOptions
  extends Pick<SchedulerOptions, 'clock' | 'state' | 'queries' | 'run' | 'onEnd' | 'onCommit'> {
  readonly takeSlot: TakeTurns;
  readonly startTimer: StartTimer;
  readonly closing: AbortSignal;
  readonly onUnderway: (underway: Promise<unknown>) => void;
}

/** What the runs of one query work with. */
export interface RunBench extends LaneOptions {
  /** Told which run is under way, and when it is no longer. */
  readonly onRunning: (run: QueryRun | undefined) => void;
}

/** How an attempt ended, and the run as it stands; failed ones are not recorded yet. */
export type Attempt = FailedAttempt | { readonly kind: 'done' | 'aborted'; readonly run: QueryRun };

/** An attempt that may be repeated. */
export type FailedAttempt = Extract<Try, { readonly kind: 'failed' }> & { readonly run: QueryRun };

/** Tries a run, and commits what it changed together with `end`'s ledger entry. */
export async function attemptRun(
  query: ScheduledQuery,
  asked: QueryRun,
  bench: RunBench,
  end: (run: QueryRun) => Changes | Promise<Changes>,
): Promise<Attempt> {
  const { clock, state } = bench;
  const run: QueryRun = { ...asked, startedAtMs: clock.now() };
  bench.onRunning(run);
  try {
    const staleBeforeMs = staleBefore(query.schedule, run.scheduledAtMs);
    const tried = await tryRun(run, { ...bench, query, staleBeforeMs });
    if (tried.kind !== 'done') return { ...tried, run };
    const done = doneRun(run, tried.outcome, clock.now());
    try {
      await state.commit(mergeChanges(tried.outcome.changes, await end(done)));
    } catch (error) {
      return { ...failedTry(error), run };
    }
    bench.onCommit?.();
    return { kind: 'done', run: done };
  } finally {
    bench.onRunning(undefined);
  }
}

/** The run that got through. Of a silent source only rows prove something: a run without any is skipped. */
function doneRun(run: QueryRun, outcome: RunOutcome, finishedAtMs: number): QueryRun {
  const { rowCount, truncated, cost, staleSources = [] } = outcome;
  const done: QueryRun = { ...run, status: 'succeeded', finishedAtMs, rowCount, truncated, cost };
  if (staleSources.length === 0) return done;
  if (rowCount > 0) return { ...done, staleSources };
  const silent = `${staleSources.join(', ')} ${staleSources.length > 1 ? 'are' : 'is'} silent`;
  const error = `SCHEDULE_SOURCE_STALE: ${silent}, so that no rows are no proof of quiet.`;
  return { ...done, status: 'skipped', staleSources, error };
}

/** The run that ends with a failed attempt. */
export function failedRun(failed: FailedAttempt, finishedAtMs: number): QueryRun {
  const { run, status, error } = failed;
  return { ...run, status, error, finishedAtMs, retryAtMs: undefined };
}

/** The run that never begins because its query has gone while it waited. */
export function goneRun(run: QueryRun, finishedAtMs: number): QueryRun {
  const error = 'The query was taken out of force before the run began.';
  return { ...run, status: 'skipped', attempts: run.attempts - 1, finishedAtMs, error };
}
