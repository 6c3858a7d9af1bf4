import type { QueryResult } from '../../model/lake.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import { standardTables } from '../../model/standard-tables.ts';
import { suggest } from '../../model/suggest.ts';
import { checkQuery, foldClock } from '../../sql/index.ts';
import type { ApiServices, RunList } from '../api/index.ts';
import type { RuntimeParts } from './runtime-parts.ts';

const interactiveTimeoutMs = 60_000;
const runsShown = 100;

/**
 * Checks and runs one SELECT, with the clock at now.
 *
 * @throws API_QUERY_INVALID with every problem of the SQL; LAKE_QUERY_TIMEOUT after a minute.
 */
export async function runSql(parts: RuntimeParts, request: Parameters<ApiServices['query']>[0]): Promise<QueryResult> {
  const catalog = parts.active()?.catalog;
  const tables = catalog?.tables ?? standardTables;
  const contexts = new Map((catalog?.bundle.detections ?? []).map((detection) => [detection.id, detection.context]));
  const checked = await checkQuery(request.sql, { tables, contexts });
  const errors = checked.problems.filter((problem) => problem.severity === 'error');
  const first = errors[0];
  if (first) {
    throw new MargayError('API_QUERY_INVALID', first.message, {
      hint: first.hint,
      problems: errors.map(({ code, message, hint, severity, offset }) => ({
        code,
        message,
        hint,
        severity,
        ...(offset === undefined ? {} : { where: placeIn(request.sql, offset) }),
      })),
    });
  }
  await parts.catchUp();
  const read = tables.filter((table) => checked.tables.includes(table.name));
  const { sql, bounds, tables: seen } = await foldClock(checked.sql, read, parts.clock.now());
  const limits = { timeoutMs: interactiveTimeoutMs, maxRows: request.maxRows, bounds };
  return parts.lake.query(sql, seen, limits, request.signal);
}

/** Runs a scheduled query now, and resolves when the run has ended. @throws API_QUERY_UNKNOWN */
export async function startRun(
  parts: RuntimeParts,
  request: Parameters<ApiServices['startRun']>[0],
): Promise<QueryRun> {
  requireQuery(parts, request.query);
  const { actor, scheduledAt } = request;
  return parts.scheduler.trigger(request.query, {
    actor,
    ...(scheduledAt === undefined ? {} : { scheduledAtMs: Date.parse(scheduledAt) }),
  });
}

/** Runs, newest first. @throws API_QUERY_UNKNOWN */
export async function listRuns(parts: RuntimeParts, queryId: string | undefined): Promise<RunList> {
  if (queryId !== undefined) requireQuery(parts, queryId);
  return { runs: (await parts.scheduler.runs(queryId)).slice(0, runsShown) };
}

function requireQuery(parts: RuntimeParts, queryId: string): void {
  const queries = parts.active()?.catalog.queries ?? new Map<string, unknown>();
  if (queries.has(queryId)) return;
  throw new MargayError('API_QUERY_UNKNOWN', `No scheduled query '${queryId}' is live.`, {
    hint: suggest(queryId, [...queries.keys()]) ?? "Nothing is published yet: run 'margay publish' first.",
  });
}

function placeIn(sql: string, offset: number): { readonly file: string; readonly line: number; readonly col: number } {
  const before = sql.slice(0, offset).split('\n');
  return { file: 'query', line: before.length, col: (before.at(-1) as string).length + 1 };
}
