import type { Routing } from '../model/destination.ts';
import type { QueryRun } from '../model/query-run.ts';
import type { ScheduledQuery } from '../model/scheduled-query.ts';
import type { Changes, State } from '../model/state.ts';
import { type Trouble, type TroubleState, troubleKey } from './alert/index.ts';
import { beginTroubleChanges, endTroubleChanges } from './trouble-changes.ts';

/**
 * The alert changes that belong to the end of a scheduled run: the first that fails for good raises an alert to the
 * owners of the query, those after it are the same trouble, and the first that gets through resolves it.
 */
export async function queryFailureChanges(
  state: State,
  ended: { readonly run: QueryRun; readonly query: ScheduledQuery },
  routing: Routing,
  nowMs: number,
): Promise<Changes> {
  const { run, query } = ended;
  const key = troubleKey('query_failure', query.id);
  const lasting = await state.get<TroubleState>('trouble', key);
  const hasFailed = run.status === 'failed' || run.status === 'timed_out';
  if (hasFailed) return lasting ? {} : beginTroubleChanges(failureTrouble(run, query), routing, nowMs);
  // A run that was skipped before it began shows nothing.
  const gotThrough = run.rowCount !== undefined;
  return lasting && gotThrough ? endTroubleChanges(state, { key, value: lasting }, nowMs) : {};
}

function failureTrouble(run: QueryRun, query: ScheduledQuery): Trouble {
  const { scheduledAtMs, attempts, status, error = 'unknown' } = run;
  const scheduledAt = new Date(scheduledAtMs).toISOString();
  return {
    ...{ kind: 'query_failure', subject: query.id, sinceMs: scheduledAtMs },
    title: `Scheduled query ${query.id} ${status === 'timed_out' ? 'timed out' : 'failed'} at ${scheduledAt}`,
    level: 'medium',
    description: `The run was given up after ${attempts} tries. What fires stays as it is; what only this run would have found is not found. The alert resolves with the next run that gets through.`,
    runbook: [
      `1. See the runs and their errors: margay schedule ${query.id}`,
      '2. Is the runtime well? margay status',
      `3. Once it is mended, run it again with its clock: margay schedule run ${query.id} --at ${scheduledAt}`,
    ].join('\n'),
    context: { query: query.id, scheduled_at: scheduledAt, status, attempts, error },
    owners: query.owners,
  };
}
