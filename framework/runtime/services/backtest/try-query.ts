import type { BacktestLine, BacktestPhase } from '../../../model/backtest.ts';
import type { Lake } from '../../../model/lake.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import type { Row } from '../../../model/table.ts';
import { type QueryToTry, type RunRows, runQueries } from './run-queries.ts';
import type { RunTimes } from './run-times.ts';
import type { TrialProcess } from './trial-client.ts';
import { type BySide, type Side, sides, type TrialRun } from './trial-message.ts';

/** A scheduled query that is run again at its times, as each side has it. */
export interface QueryTrial {
  readonly lake: Lake;
  /** Where the detections are tried that read it; absent when there are none. */
  readonly trial: TrialProcess | undefined;
  /** The same object for both: it is run once. */
  readonly queries: BySide<QueryToTry>;
  readonly times: RunTimes;
  /** The places of the detections that read it, in the trial's setup. */
  readonly pairs: readonly number[];
  readonly phase: BacktestPhase;
  /** Takes the rows of each time that both sides got through. */
  readonly onRows?: ((scheduledAtMs: number, rows: BySide<readonly Row[]>) => void) | undefined;
  /** Takes the matches of a pair, where the setup has them returned. */
  readonly onMatches?: ((pair: number, found: Readonly<Record<Side, readonly RuleMatch[]>>) => void) | undefined;
  readonly signal: AbortSignal;
}

/** What the runs gave. */
export interface QueryRows {
  /** Rows of all runs of the new logic. */
  readonly rowCount: number;
  readonly failedRuns: number;
  /** The first failure. */
  readonly failure?: string | undefined;
}

/** Times that are read at once. */
const timesAtOnce = 24;

/** Runs a query at its times, under both logics, and its rows through the detections that read it. */
export async function* tryQuery(input: QueryTrial): AsyncGenerator<BacktestLine, QueryRows, void> {
  const { queries, phase } = input;
  const { timesMs } = input.times;
  const queryId = (queries.after ?? queries.before)?.query.id ?? '';
  let rowCount = 0;
  let failedRuns = 0;
  let failure: string | undefined;
  for (let done = 0; done < timesMs.length; done += timesAtOnce) {
    yield { kind: 'progress', phase, done, total: timesMs.length };
    const times = timesMs.slice(done, done + timesAtOnce);
    const runs = await runSides(input, times);
    for (const [index, scheduledAtMs] of times.entries()) {
      const run = joinSides({ before: runs.before?.[index], after: runs.after?.[index] });
      if ('failure' in run) {
        failedRuns++;
        failure ??= run.failure;
        continue;
      }
      rowCount += run.rows.after?.length ?? 0;
      await tryRows(input, { queryId, scheduledAtMs, ...run });
    }
  }
  return { rowCount, failedRuns, failure };
}

async function tryRows({ trial, pairs, onRows, onMatches }: QueryTrial, run: Omit<TrialRun, 'pair'>): Promise<void> {
  onRows?.(run.scheduledAtMs, run.rows);
  for (const pair of pairs) {
    const answer = await trial?.ask({ kind: 'run', run: { pair, ...run } });
    if (answer?.matches) onMatches?.(pair, answer.matches);
  }
}

async function runSides(
  { lake, queries: { before, after }, signal }: QueryTrial,
  timesMs: readonly number[],
): Promise<BySide<readonly RunRows[]>> {
  const ofAfter = after && (await runQueries(lake, after, timesMs, signal));
  const ofBefore = before === after ? ofAfter : before && (await runQueries(lake, before, timesMs, signal));
  return { ...(ofBefore ? { before: ofBefore } : {}), ...(ofAfter ? { after: ofAfter } : {}) };
}

/** A run of both sides; a failure where one of them fails, because one side alone compares nothing. */
function joinSides(
  runs: BySide<RunRows | undefined>,
): { readonly rows: BySide<readonly Row[]>; readonly truncated: boolean } | { readonly failure: string } {
  const rows: Partial<Record<Side, readonly Row[]>> = {};
  let truncated = false;
  for (const side of sides) {
    const run = runs[side];
    if (!run) continue;
    if ('failure' in run) return run;
    rows[side] = run.rows;
    truncated ||= run.truncated;
  }
  return { rows, truncated };
}
