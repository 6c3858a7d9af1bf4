import type { Lake } from '../../../model/lake.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { widenAll } from '../../../model/read-bounds.ts';
import type { ScheduledQuery } from '../../../model/scheduled-query.ts';
import type { Row, Table } from '../../../model/table.ts';
import { foldClock } from '../../../sql/index.ts';

/** A scheduled query, and what it reads. */
export interface QueryToTry {
  readonly query: ScheduledQuery;
  /** `WITH …`: what stands in for tables. @defaultValue nothing does */
  readonly cte?: ((seen: readonly Table[]) => string) | undefined;
  readonly tables: readonly Table[];
}

/** The rows of one scheduled time, or why there are none. */
export type RunRows = { readonly rows: readonly Row[]; readonly truncated: boolean } | { readonly failure: string };

const runColumn = 'margay_run';

/**
 * The rows of a query at several times, read at once: starting a read costs far more than most of them. Where that
 * fails, each time is read by itself, so that one that fails takes none of the others along.
 *
 * @throws LAKE_QUERY_ABORTED, and what is no failure of the query
 */
export async function runQueries(
  lake: Lake,
  tried: QueryToTry,
  timesMs: readonly number[],
  signal: AbortSignal,
): Promise<readonly RunRows[]> {
  try {
    return await runTogether(lake, tried, timesMs, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof MargayError)) throw error;
    if (timesMs.length === 1) return [{ failure: error.message }];
    const runs: RunRows[] = [];
    for (const timeMs of timesMs) runs.push(...(await runQueries(lake, tried, [timeMs], signal)));
    return runs;
  }
}

async function runTogether(
  lake: Lake,
  { query, tables, cte = () => '' }: QueryToTry,
  timesMs: readonly number[],
  signal: AbortSignal,
): Promise<readonly RunRows[]> {
  const { maxRows } = query;
  const folded = await Promise.all(timesMs.map((timeMs) => foldClock(query.sql, tables, timeMs)));
  const selects = folded.map(
    ({ sql }, run) => `SELECT ${run} AS ${runColumn}, q.* FROM (SELECT * FROM (${sql}) LIMIT ${maxRows + 1}) AS q`,
  );
  const limits = {
    timeoutMs: query.timeoutMs * timesMs.length,
    maxRows: (maxRows + 1) * timesMs.length,
    lane: 'batch' as const,
    bounds: widenAll(folded.map(({ bounds }) => bounds)),
  };
  const seen = folded[0]?.tables ?? tables;
  const { rows } = await lake.query(`${cte(seen)}\n${selects.join('\nUNION ALL\n')}`, seen, limits, signal);
  const runs = timesMs.map((): Row[] => []);
  for (const { [runColumn]: run, ...row } of rows) runs[Number(run)]?.push(row);
  return runs.map((ofRun) => ({ rows: ofRun.slice(0, maxRows), truncated: ofRun.length > maxRows }));
}
