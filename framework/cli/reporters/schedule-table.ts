import type { QueryRun } from '../../model/query-run.ts';
import type { QueryStatus } from '../../runtime/api/index.ts';
import type { Colors } from '../terminal.ts';
import { formatTime, formatTook } from './format-time.ts';
import { renderTable } from './table.ts';

/** Wide enough for errors. */
const maxColumnWidth = 160;

const endColumns = [
  { name: 'status' },
  { name: 'rows', right: true },
  { name: 'took', right: true },
  { name: 'error' },
] as const;

/** Scheduled queries with their next and last runs, in the order given. */
export function renderScheduleTable(queries: readonly QueryStatus[], colors: Colors): string {
  return renderTable({
    columns: [{ name: 'scheduled query' }, { name: 'next run' }, { name: 'last run' }, ...endColumns],
    rows: queries.map(({ queryId, nextAtMs, lastRun }) => [
      queryId,
      formatTime(nextAtMs),
      formatTime(lastRun?.scheduledAtMs),
      ...endCells(lastRun),
    ]),
    colors,
    maxColumnWidth,
  });
}

/** Runs of a scheduled query, in the order given. */
export function renderRunTable(runs: readonly QueryRun[], colors: Colors): string {
  return renderTable({
    columns: [{ name: 'clock' }, { name: 'started' }, { name: 'by' }, { name: 'tries', right: true }, ...endColumns],
    rows: runs.map((run) => [
      formatTime(run.scheduledAtMs),
      formatTime(run.startedAtMs),
      run.trigger === 'manual' ? (run.actor ?? 'unknown') : 'schedule',
      String(run.attempts),
      ...endCells(run),
    ]),
    colors,
    maxColumnWidth,
  });
}

function endCells(run: QueryRun | null): readonly string[] {
  if (!run) return ['-', '-', '-', ''];
  const { status, rowCount, truncated, startedAtMs, finishedAtMs, error, staleSources } = run;
  const took = startedAtMs !== undefined && finishedAtMs !== undefined ? formatTook(finishedAtMs - startedAtMs) : '-';
  const silent = staleSources ? `while ${staleSources.join(', ')} was silent` : '';
  return [status, `${rowCount ?? '-'}${truncated ? ', truncated' : ''}`, took, error ?? silent];
}
