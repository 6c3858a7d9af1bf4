import { auditRow } from '../../model/audit-row.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { Schedule, ScheduledQuery } from '../../model/scheduled-query.ts';
import { stableId } from '../../model/stable-id.ts';
import type { Changes, State } from '../../model/state.ts';
import type { Row } from '../../model/table.ts';

/** How far the schedule of a query has come. In State space 'ledger', beside the runs. */
export interface Cursor {
  /** The newest scheduled time that is dealt with; at first, when the query was first seen. */
  readonly afterMs: number;
  /** The schedule it belongs to, as canonical JSON. */
  readonly schedule: string;
}

/** Runs older than this are forgotten in the ledger; the table `query_runs` keeps them. */
const keepRunsMs = 7 * 86_400_000;

/** The key of a scheduled run: one per query and scheduled time. */
export function runKey(queryId: string, scheduledAtMs: number): string {
  return `${queryId}/${isoTime(scheduledAtMs)}`;
}

/** The key of a query's {@link Cursor}. No id of a query begins with `~`. */
export function cursorKey(queryId: string): string {
  return `~cursor/${queryId}`;
}

/** The cursor at a scheduled time. */
export function cursorAt(schedule: Schedule, afterMs: number): Cursor {
  return { afterMs, schedule: canonicalJson(schedule) };
}

/** The id of a scheduled run: the same for every try. */
export function scheduledRunId(queryId: string, scheduledAtMs: number): string {
  return stableId(queryId, isoTime(scheduledAtMs));
}

/** The changes that end a scheduled run: its entry, its row, and the cursor past it. */
export function endScheduledRun(query: ScheduledQuery, run: QueryRun): Changes {
  return {
    put: [
      { space: 'ledger', key: runKey(query.id, run.scheduledAtMs), value: run },
      { space: 'ledger', key: cursorKey(query.id), value: cursorAt(query.schedule, run.scheduledAtMs) },
    ],
    rows: [{ table: 'query_runs', rows: [queryRunRow(run)] }],
  };
}

/** The changes that end a run by hand: its entry, its row, and who asked for it. */
export function endManualRun(key: string, run: QueryRun, endedAtMs: number): Changes {
  const detail = { query: run.queryId, scheduledAt: isoTime(run.scheduledAtMs), run: run.runId, status: run.status };
  const audit = auditRow({ action: 'query_run', actor: run.actor ?? 'unknown', detail, atMs: endedAtMs });
  return {
    put: [{ space: 'ledger', key, value: run }],
    rows: [
      { table: 'query_runs', rows: [queryRunRow(run)] },
      { table: 'audit', rows: [audit] },
    ],
  };
}

/** Several changes as one. */
export function mergeChanges(...parts: readonly Changes[]): Changes {
  return {
    put: parts.flatMap((part) => part.put ?? []),
    remove: parts.flatMap((part) => part.remove ?? []),
    expect: parts.flatMap((part) => part.expect ?? []),
    rows: parts.flatMap((part) => part.rows ?? []),
  };
}

/** The runs in the ledger, of one query or all, those that started last first. */
export async function listRuns(state: State, queryId?: string): Promise<readonly QueryRun[]> {
  const entries = await state.list<QueryRun | Cursor>('ledger', queryId === undefined ? {} : { prefix: `${queryId}/` });
  return sortRuns(
    entries.flatMap(({ value }) =>
      'runId' in value && (queryId === undefined || value.queryId === queryId) ? value : [],
    ),
  );
}

/** Runs by when they started, the latest first. */
export function sortRuns(runs: readonly QueryRun[]): readonly QueryRun[] {
  return [...runs].sort((a, b) => startOf(b) - startOf(a) || b.scheduledAtMs - a.scheduledAtMs);
}

/** Forgets runs that ended long ago. */
export async function sweepLedger(state: State, nowMs: number): Promise<void> {
  const entries = await state.list<QueryRun | Cursor>('ledger');
  const old = entries.filter(({ value }) => 'runId' in value && (value.finishedAtMs ?? nowMs) < nowMs - keepRunsMs);
  if (old.length > 0) await state.commit({ remove: old.map(({ key }) => ({ space: 'ledger', key })) });
}

function startOf(run: QueryRun): number {
  return run.startedAtMs ?? run.finishedAtMs ?? run.scheduledAtMs;
}

function queryRunRow(run: QueryRun): Row {
  return {
    run_id: run.runId,
    query_id: run.queryId,
    scheduled_at: isoTime(run.scheduledAtMs),
    started_at: run.startedAtMs === undefined ? null : isoTime(run.startedAtMs),
    finished_at: run.finishedAtMs === undefined ? null : isoTime(run.finishedAtMs),
    status: run.status,
    trigger: run.trigger,
    row_count: run.rowCount ?? null,
    truncated: run.truncated ?? null,
    rows_scanned: run.cost?.rowsScanned ?? null,
    bytes_scanned: run.cost?.bytesScanned ?? null,
    duration_ms: run.cost?.durationMs ?? null,
    stale_sources: run.staleSources ?? null,
    error: run.error ?? null,
  };
}

/** ISO 8601 with milliseconds, UTC. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
