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
import { nextScheduledAfter, oldestDue } from './schedule-times.ts';

/** What a query has to do now. */
export interface Due {
  /** The oldest run that is due, and its earlier tries. */
  readonly run?: { readonly scheduledAtMs: number; readonly earlier: QueryRun | undefined } | undefined;
  /** When nothing is due: when something will be. */
  readonly wakeAtMs?: number | undefined;
}

/** Missed runs that are caught up, the most recent ones; those before are recorded as skipped. */
const maxCatchUp = { all: 1_000, latest: 1 };

/**
 * The next run of a query that is due: its scheduled time lies in (cursor, now - settle].
 *
 * A query that is seen for the first time starts with the next scheduled time. One whose schedule has changed goes on
 * with the new one from now; of what the old one owed nothing is caught up. More missed runs than {@link maxCatchUp}
 * are caught up from the most recent ones; the stretch before becomes one skipped entry. A run that was begun is
 * always ended first, or one that fails each time would never have failed.
 *
 * @throws SCHEDULE_INVALID
 */
export async function takeDue(state: State, query: ScheduledQuery, nowMs: number): Promise<Due> {
  const cursor = await cursorOf(state, query, nowMs);
  const { schedule, settleMs } = query;
  const firstMs = nextScheduledAfter(schedule, cursor.afterMs);
  const atMost = maxCatchUp[query.catchUp ?? 'all'];
  const due = oldestDue(schedule, cursor.afterMs, nowMs - settleMs, atMost);
  if (!due) return { wakeAtMs: firstMs + settleMs };
  const earlier = await state.get<QueryRun>('ledger', runKey(query.id, firstMs));
  if (earlier?.retryAtMs !== undefined) {
    return earlier.retryAtMs > nowMs ? { wakeAtMs: earlier.retryAtMs } : { run: { scheduledAtMs: firstMs, earlier } };
  }
  if (due.missed) await skipMissed(state, query, cursor, due.missed, nowMs);
  return { run: { scheduledAtMs: due.timeMs, earlier: undefined } };
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
  const caughtUp = query.catchUp === 'latest' ? 'latest is' : `${maxCatchUp.all} after them are`;
  const error = `Runs ${stretch} were missed; only the ${caughtUp} caught up.`;
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
  await state.commit(endScheduledRun(query, skipped));
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
