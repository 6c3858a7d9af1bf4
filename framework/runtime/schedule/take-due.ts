import { canonicalJson } from '../../model/canonical-json.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import type { State } from '../../model/state.ts';
import {
  type Cursor,
  cursorAt,
  cursorKey,
  endScheduledRun,
  isoTime,
  listRuns,
  mergeChanges,
  runKey,
  scheduledRunId,
} from './ledger.ts';
import { dueTimes, nextScheduledAfter } from './schedule-times.ts';

/** What a query has to do now. */
export interface Due {
  /** The oldest run that is due, and its earlier tries. */
  readonly run?: { readonly scheduledAtMs: number; readonly earlier: QueryRun | undefined } | undefined;
  /** When nothing is due: when something will be. */
  readonly wakeAtMs?: number | undefined;
}

/** Runs that are caught up after downtime; those before are recorded as skipped. */
const maxCatchUp = 24;

/**
 * The next run of a query that is due: its scheduled time lies in (cursor, now - settle].
 *
 * A query that is seen for the first time starts with the next scheduled time. One whose schedule has changed goes on
 * with the new one from now; of what the old one owed nothing is caught up. More than {@link maxCatchUp} missed runs
 * are caught up from the most recent ones; the stretch before becomes one skipped entry.
 *
 * @throws SCHEDULE_INVALID
 */
export async function takeDue(state: State, query: ScheduledQuery, nowMs: number): Promise<Due> {
  const cursor = await cursorOf(state, query, nowMs);
  const { timesMs, missed } = dueTimes(query.schedule, cursor.afterMs, nowMs - query.settleMs, maxCatchUp);
  if (missed) await skipMissed(state, query, cursor, missed, nowMs);
  const [scheduledAtMs] = timesMs;
  if (scheduledAtMs === undefined) {
    return { wakeAtMs: nextScheduledAfter(query.schedule, cursor.afterMs) + query.settleMs };
  }
  const earlier = await state.get<QueryRun>('ledger', runKey(query.id, scheduledAtMs));
  if (earlier?.retryAtMs !== undefined && earlier.retryAtMs > nowMs) return { wakeAtMs: earlier.retryAtMs };
  return { run: { scheduledAtMs, earlier } };
}

/** When a query runs next, in the past when it is late; `null` when its schedule never comes. Changes nothing. */
export async function peekNext(state: State, query: ScheduledQuery, nowMs: number): Promise<number | null> {
  const cursor = await state.get<Cursor>('ledger', cursorKey(query.id));
  const isCurrent = cursor?.schedule === canonicalJson(query.schedule);
  try {
    const scheduledAtMs = nextScheduledAfter(query.schedule, isCurrent ? cursor.afterMs : nowMs);
    const run = await state.get<QueryRun>('ledger', runKey(query.id, scheduledAtMs));
    return run?.retryAtMs ?? scheduledAtMs + query.settleMs;
  } catch (error) {
    if (error instanceof MargayError && error.code === 'SCHEDULE_INVALID') return null;
    throw error;
  }
}

async function cursorOf(state: State, query: ScheduledQuery, nowMs: number): Promise<Cursor> {
  const known = await state.get<Cursor>('ledger', cursorKey(query.id));
  if (known?.schedule === canonicalJson(query.schedule)) return known;
  const afterMs = known ? Math.max(known.afterMs, nowMs - query.settleMs) : nowMs;
  const cursor = cursorAt(query.schedule, afterMs);
  const put = [{ space: 'ledger' as const, key: cursorKey(query.id), value: cursor }];
  if (known)
    await state.commit(
      mergeChanges({ put }, await giveUpRetries(state, query, afterMs, 'Its schedule was changed.', nowMs)),
    );
  else await state.commit({ put });
  return cursor;
}

async function skipMissed(
  state: State,
  query: ScheduledQuery,
  cursor: Cursor,
  missed: { readonly firstMs: number; readonly lastMs: number },
  nowMs: number,
): Promise<void> {
  const stretch = `from ${isoTime(missed.firstMs)} to ${isoTime(missed.lastMs)}`;
  const error = `Runs ${stretch} were missed; only the ${maxCatchUp} after them are caught up.`;
  const skipped: QueryRun = {
    runId: scheduledRunId(query.id, missed.lastMs),
    queryId: query.id,
    scheduledAtMs: missed.lastMs,
    coversFromMs: cursor.afterMs,
    trigger: 'schedule',
    status: 'skipped',
    attempts: 0,
    finishedAtMs: nowMs,
    error,
  };
  const retries = await giveUpRetries(state, query, missed.lastMs - 1, error, nowMs);
  await state.commit(mergeChanges(retries, endScheduledRun(query, skipped)));
}

/** Entries that wait for a try that never comes, up to a scheduled time, as skipped. */
async function giveUpRetries(state: State, query: ScheduledQuery, untilMs: number, error: string, nowMs: number) {
  const waiting = (await listRuns(state, query.id)).filter(
    (run) => run.status === 'retrying' && run.scheduledAtMs <= untilMs,
  );
  return mergeChanges(
    ...waiting.map((run) => {
      const { retryAtMs: _, ...rest } = run;
      const skipped: QueryRun = { ...rest, status: 'skipped', error, finishedAtMs: nowMs };
      const { put = [], rows = [] } = endScheduledRun(query, skipped);
      return { put: put.filter(({ key }) => key !== cursorKey(query.id)), rows };
    }),
  );
}
