import { formatDuration } from '../../model/duration.ts';
import type { QueryDraft } from './check-sql.ts';

/** Reports a `lookback` that is not what the SQL reads. */
export function checkLookback({ data, report, checked, isSound }: QueryDraft): void {
  const { lookback } = data;
  const windowMs = Math.max(0, ...checked.windowsMs);
  if (isSound && lookback !== undefined && windowMs !== lookback) reportDifference(report, lookback, windowMs);
}

/** The SQL decides: a finding, since the query runs as it is written. */
function reportDifference(report: QueryDraft['report'], lookbackMs: number, windowMs: number): void {
  const lookback = formatDuration(lookbackMs);
  if (windowMs === 0) {
    const message = `The query says that it looks back ${lookback}, and its SQL has no p_occurs_since.`;
    report.addFinding('COMPILE_LOOKBACK_DIFFERS', ['lookback'], message, {
      hint: `Write p_occurs_since('${lookback}') in the SQL, or leave out 'lookback'.`,
    });
    return;
  }
  const window = formatDuration(windowMs);
  const message = `The query says that it looks back ${lookback}, and its SQL reads ${window}: p_occurs_since decides.`;
  report.addFinding('COMPILE_LOOKBACK_DIFFERS', ['lookback'], message, {
    hint: `Write 'lookback: ${window}', or p_occurs_since('${lookback}') in the SQL.`,
  });
}
