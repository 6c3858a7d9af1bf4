import { formatDuration } from '../../model/duration.ts';
import type { QueryDraft } from './check-sql.ts';

/** Reports a `lookback` that is not what the SQL reads, and one that would never see some events. */
export function checkLookback({ data, report, checked, isSound }: QueryDraft): void {
  const { lookback, schedule } = data;
  if (lookback === undefined) return;
  const windowMs = Math.max(0, ...checked.windowsMs);
  if (isSound && windowMs !== lookback) reportDifference(report, lookback, windowMs);
  else if (schedule.every !== undefined && lookback < schedule.every) {
    const message = `The query runs every ${formatDuration(schedule.every)} and looks back ${formatDuration(lookback)}: what happens in between is never read.`;
    report.addFinding('COMPILE_LOOKBACK_SHORT', ['lookback'], message, {
      hint: `Look back at least ${formatDuration(schedule.every)}.`,
    });
  }
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
