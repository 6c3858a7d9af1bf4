import type { DetectionTrial } from '../../../model/backtest.ts';
import type { Lake } from '../../../model/lake.ts';
import type { ClassCounts } from './match-tally.ts';
import type { TableScan } from './plan-scan.ts';
import { daysOf, sum } from './trial-pair.ts';

/** A window has fewer days than this. */
const maxDays = 1_000;

/** The matches by day of conditions that the lake decides, counted there. */
export async function countDays(
  scans: readonly TableScan[],
  detectionId: string,
  hasBefore: boolean,
  { lake, timeoutMs, signal }: { readonly lake: Lake; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<DetectionTrial> {
  const days = new Map<string, ClassCounts>();
  for (const { countSql, table, bounds } of scans) {
    const limits = { timeoutMs, maxRows: maxDays, lane: 'batch' as const, bounds };
    const { rows } = await lake.query(countSql, [table], limits, signal);
    for (const row of rows) {
      const day = String(row.day);
      const known = days.get(day) ?? { both: 0, onlyBefore: 0, onlyAfter: 0 };
      days.set(day, {
        both: known.both + Number(row.both),
        onlyBefore: known.onlyBefore + Number(row.only_before),
        onlyAfter: known.onlyAfter + Number(row.only_after),
      });
    }
  }
  const matches = sum(days, hasBefore);
  return { detectionId, matches, alerts: null, days: daysOf(days, undefined, hasBefore), errors: [], stopped: [] };
}
