import { formatDuration } from '../../model/duration.ts';
import type { ContentIndex } from '../content-index.ts';
import type { QueryDraft } from './check-sql.ts';

/** Finds windows over a table whose rows are not kept for so long: what a query counts over them is less than it says. */
export function checkRetention({ checked, report, isSound }: QueryDraft, index: ContentIndex): void {
  if (!isSound) return;
  for (const { table, window } of checked.lineage.uses) {
    const logType = [...index.logTypes.values()].find((one) => one.table === table);
    const keptMs = logType ? logType.retentionMs : index.retention[table];
    if (window === undefined || keptMs === undefined || keptMs >= window.windowMs) continue;
    const wanted = `retention: '${formatDuration(window.windowMs)}'`;
    const setting = logType ? `logTypes: { '${logType.name}': { ${wanted} } }` : `tables: { ${table}: { ${wanted} } }`;
    report.addFinding(
      'COMPILE_RETENTION_SHORT',
      ['query'],
      `The query reads ${formatDuration(window.windowMs)} of ${table}, which is kept for ${formatDuration(keptMs)}.`,
      { hint: `Write ${setting} in margay.config.ts, or a shorter window.`, offset: window.offset },
    );
  }
}
