import { canonicalJson } from '../../model/canonical-json.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import type { Changes } from '../../model/state.ts';
import { attemptRun, failedRun, goneRun, type RunBench } from './attempt-run.ts';
import { endScheduledRun, mergeChanges, runKey, scheduledRunId } from './ledger.ts';
import { lastScheduledUntil } from './schedule-times.ts';
import type { Due } from './take-due.ts';

/** Waits before the second and the third try; there is no fourth. */
const retryAfterMs = [30_000, 120_000];

/**
 * Runs what was found due of a query, with the query as it is in force now; in a slot. `true`: there may be more to do.
 * A query that has gone skips the run; one whose schedule has changed meanwhile leaves it to the next look.
 */
export async function runScheduled(dueOf: ScheduledQuery, due: NonNullable<Due['run']>, bench: RunBench) {
  if (bench.closing.aborted) return false;
  const run = runningRun(dueOf, due);
  const query = bench.queries().find(({ id }) => id === dueOf.id);
  if (!query) {
    await bench.state.commit(endScheduledRun(dueOf, goneRun(run, bench.clock.now())));
    return false;
  }
  if (timing(query) !== timing(dueOf)) return true;
  const end = async (ended: QueryRun): Promise<Changes> =>
    mergeChanges(endScheduledRun(query, ended), (await bench.onEnd?.(ended, query)) ?? {});
  const attempt = await attemptRun(query, run, bench, end);
  if (attempt.kind !== 'failed') return attempt.kind === 'done';
  const delayMs = retryAfterMs[run.attempts - 1];
  if (delayMs === undefined) {
    await bench.state.commit(await end(failedRun(attempt, bench.clock.now())));
    bench.onCommit?.();
    return true;
  }
  const retryAtMs = bench.clock.now() + delayMs;
  const retrying: QueryRun = { ...attempt.run, status: 'retrying', error: attempt.error, retryAtMs };
  await bench.state.commit({
    put: [{ space: 'ledger', key: runKey(query.id, run.scheduledAtMs), value: retrying }],
  });
  return true;
}

function runningRun(query: ScheduledQuery, { scheduledAtMs, earlier }: NonNullable<Due['run']>): QueryRun {
  const [coversFromMs] = lastScheduledUntil(query.schedule, scheduledAtMs - 1, 1);
  return {
    runId: scheduledRunId(query.id, scheduledAtMs),
    queryId: query.id,
    scheduledAtMs,
    coversFromMs,
    trigger: 'schedule',
    status: 'running',
    attempts: (earlier?.attempts ?? 0) + 1,
  };
}

/** What decides when a query is due. */
function timing({ schedule, settleMs }: ScheduledQuery): string {
  return canonicalJson({ schedule, settleMs });
}
