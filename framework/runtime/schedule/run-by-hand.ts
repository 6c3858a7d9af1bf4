import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import { stableId } from '../../model/stable-id.ts';
import { attemptRun, failedRun, goneRun, type RunBench } from './attempt-run.ts';
import { endManualRun, isoTime } from './ledger.ts';
import type { TriggerOptions } from './scheduler.ts';

/**
 * Runs a query once, as it is in force now; in a slot. Gives the run as it was recorded.
 *
 * @param count - Of the runs by hand of this query, so that two at the same time are two.
 * @throws SCHEDULE_CLOSED
 */
export async function runByHand(
  queryId: string,
  count: number,
  { scheduledAtMs, actor = 'unknown' }: TriggerOptions,
  bench: RunBench,
): Promise<QueryRun> {
  const { clock, state } = bench;
  if (bench.closing.aborted) throw closedError();
  const askedAtMs = clock.now();
  const clockMs = scheduledAtMs ?? askedAtMs;
  const mark = `${isoTime(askedAtMs)}-${count}`;
  const key = `${queryId}/manual/${mark}`;
  const runId = stableId(queryId, isoTime(clockMs), 'manual', mark);
  const asked: QueryRun = {
    ...{ runId, queryId, scheduledAtMs: clockMs, trigger: 'manual', actor, status: 'running', attempts: 1 },
  };
  const record = async (run: QueryRun): Promise<QueryRun> => {
    await state.commit(endManualRun(key, run, askedAtMs));
    return run;
  };

  const query = bench.queries().find(({ id }) => id === queryId);
  if (!query) return record(goneRun(asked, askedAtMs));
  const attempt = await attemptRun(query, asked, bench, (done) => endManualRun(key, done, askedAtMs));
  if (attempt.kind === 'failed') return record(failedRun(attempt, clock.now()));
  if (attempt.kind === 'aborted') throw closedError();
  return attempt.run;
}

/** What waits for a run when the scheduler closes. */
function closedError(): MargayError {
  return new MargayError('SCHEDULE_CLOSED', 'The scheduler was closed before the run had ended.', {
    hint: 'Ask again once the runtime is up.',
  });
}
