import type { Lake } from '../../../model/lake.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import type { Row } from '../../../model/table.ts';
import type { TableScan } from './plan-scan.ts';
import type { TrialProcess } from './trial-client.ts';
import { type Side, sides, type TrialEvents } from './trial-message.ts';

/** What the events of a trial are read with. */
export interface EventTrial {
  readonly lake: Lake;
  readonly trial: TrialProcess;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onMatches?: ((matches: Readonly<Record<Side, readonly RuleMatch[]>>) => void) | undefined;
}

/** Pieces that are evaluated while the next are read. */
const maxUnderWay = 4;

/** Reads a table once and hands its candidates to the trial; yields the number of those of each piece. */
export async function* tryEvents(
  scan: TableScan,
  { lake, trial, timeoutMs, signal, onMatches }: EventTrial,
): AsyncGenerator<number, void, void> {
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const evaluate = async (piece: readonly Row[]): Promise<void> => {
    try {
      const { matches } = await trial.ask({ kind: 'events', events: eventsOf(scan.logType, piece) });
      if (matches) onMatches?.(matches);
    } catch (error) {
      failure ??= { error };
    }
  };
  const limits = { timeoutMs, lane: 'batch' as const, bounds: scan.bounds };
  for await (const piece of lake.scan(scan.sql, [scan.table], limits, signal)) {
    const evaluated = evaluate(piece).finally(() => underWay.delete(evaluated));
    underWay.add(evaluated);
    if (underWay.size >= maxUnderWay) await Promise.race(underWay);
    if (failure) break;
    yield piece.length;
  }
  await Promise.all(underWay);
  if (failure) throw failure.error;
}

function eventsOf(logType: string, piece: readonly Row[]): TrialEvents {
  const marks = Object.fromEntries(sides.map((side) => [side, piece.map((row) => (row[side] ? '1' : '0')).join('')]));
  return { pair: 0, logType, rows: piece.map((row) => row.r as string), marks };
}
