import { formatDuration } from '../../model/duration.ts';
import type { SqlType } from '../../model/table.ts';
import type { ColumnLineage } from '../../sql/index.ts';
import type { QueryDraft } from './check-sql.ts';
import { readsTwice } from './check-windows.ts';
import { type DetectionDraft, mayDefine } from './draft-detection.ts';
import { runIntervals } from './run-intervals.ts';

/** Types of values that move on as a window does. A text that is made of a count is taken for a name of its own. */
const moving: ReadonlySet<SqlType> = new Set(['BIGINT', 'DOUBLE', 'TIMESTAMP', 'VARCHAR[]']);

/**
 * Reports key columns that the query computes anew in each run. A scheduled detection alerts once for each key that
 * comes back; a key with a count in it is another one after every change, and another alert.
 */
export function checkRowKey(draft: DetectionDraft, query: QueryDraft | undefined): void {
  if (!query?.isSound || mayDefine(draft, 'dedup') || !readsTwice(query)) return;
  const types = new Map(query.checked.columns.map(({ name, type }) => [name, type]));
  const isMoving = (column: ColumnLineage): boolean =>
    (column.readsClock || column.aggregates.length > 0) &&
    (moving.has(types.get(column.name) ?? 'JSON') || column.aggregates.includes('string_agg'));
  const columns = query.checked.lineage.columns.filter(isMoving).map(({ name }) => name);
  const by = draft.data.dedup?.by ?? [];
  const stable = by.filter((name) => !columns.includes(name));
  for (const [position, name] of by.entries()) {
    if (!columns.includes(name)) continue;
    const every = formatDuration(runIntervals(query.data.schedule).shortestMs);
    const message = `'${name}' is computed anew every ${every} over rows that earlier runs have read: when it changes, the same finding becomes another alert.`;
    const others = query.checked.lineage.columns
      .map((column) => column.name)
      .filter((other) => !columns.includes(other));
    const key = stable.length > 0 ? stable : others.slice(0, 1);
    const hint =
      key.length === 0
        ? 'Select a column that names the victim, and take that.'
        : `Write 'by: [${key.join(', ')}]', and 'renotify: [${name}]' to hear when it grows.`;
    draft.report.addFinding('COMPILE_DEDUP_UNSTABLE', ['dedup', 'by', position], message, { hint });
  }
}
