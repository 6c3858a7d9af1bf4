import { join } from 'node:path';
import type { BoundSql, QueryLimits, QueryResult } from '../../model/lake.ts';
import { matchAlertsTable, ruleMatchesTable } from '../../model/standard-tables.ts';
import type { Row, Table } from '../../model/table.ts';
import type { LakeStore } from './lake-store.ts';
import type { Part } from './part.ts';
import type { QueryLanes } from './query-lanes.ts';
import type { QueryTask } from './query-message.ts';
import { snapshotTable } from './snapshot-table.ts';

/** More text than this is no answer that anybody reads at once. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** What reads a lake. */
export interface LakeReading {
  /** Absolute. */
  readonly directory: string;
  readonly store: LakeStore;
  readonly lanes: QueryLanes;
}

/** A query and its tables. */
export interface LakeQuery {
  readonly sql: string | BoundSql;
  readonly tables: readonly Table[];
  readonly signal?: AbortSignal | undefined;
}

/** The whole result. @throws what {@link readLake} throws. */
export async function queryLake(reading: LakeReading, query: LakeQuery, limits: QueryLimits): Promise<QueryResult> {
  const rows: Row[] = [];
  const pieces = readLake(reading, query, { lane: 'interactive', ...limits, maxBytes: maxAnswerBytes });
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return { ...value, rows };
    for (const row of value) rows.push(row);
  }
}

type ReadLimits = Pick<QueryTask, 'maxBytes' | 'maxRows' | 'timeoutMs'> & Pick<QueryLimits, 'lane' | 'bounds'>;

/**
 * The rows in pieces, over one snapshot, which is held until the last piece or the reader's leave.
 *
 * @throws LAKE_BUSY, LAKE_QUERY_FAILED, LAKE_QUERY_TIMEOUT, LAKE_QUERY_ABORTED, LAKE_NUMBER_TOO_LARGE, LAKE_CLOSED
 */
export async function* readLake(
  { directory, store, lanes }: LakeReading,
  { sql, tables, signal }: LakeQuery,
  { lane, bounds, ...limits }: ReadLimits,
): AsyncGenerator<readonly Row[], Omit<QueryResult, 'rows'>, void> {
  const place = await lanes.take(lane ?? 'interactive', signal);
  try {
    const { text, values } = typeof sql === 'string' ? { text: sql, values: [] } : sql;
    const lowerText = text.toLowerCase();
    const used = tables.filter(({ name }) => lowerText.includes(name.toLowerCase())); // a view costs time, even an unused one
    const filed = used.filter(({ rows }) => !rows);
    const lease = await store.snapshot(readsLinks(lowerText, used) ? [...filed, matchAlertsTable] : filed, bounds);
    try {
      const startedAtMs = performance.now();
      const partsOf = (table: Table): readonly Part[] => lease.parts.get(table.name) ?? [];
      const snapshots = used.map((table) =>
        snapshotTable(table, partsOf(table), directory, bounds?.get(table.name)?.keys),
      );
      const linkFiles = partsOf(matchAlertsTable).map(({ file }) => join(directory, file));
      const task = { sql: text, values, tables: snapshots, linkFiles, ...limits };
      const { scanned, ...end } = yield* place.client.read(task, signal);
      return { ...end, cost: { ...scanned, durationMs: performance.now() - startedAtMs } };
    } finally {
      lease.release();
    }
  } finally {
    place.leave();
  }
}

/** Whether a query asks for the alert of a match: by its name, or with all columns by `*`. */
function readsLinks(lowerText: string, tables: readonly Table[]): boolean {
  const hasMatches = tables.some(({ name }) => name === ruleMatchesTable.name);
  return hasMatches && (lowerText.includes('p_alert_id') || lowerText.includes('*'));
}
