import type { BacktestLine, BacktestPhase, Comparison } from '../../../model/backtest.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import type { Lake } from '../../../model/lake.ts';
import type { Row } from '../../../model/table.ts';
import { type QueryToTry, type RunRows, runQueries } from './run-queries.ts';
import type { RunTimes } from './run-times.ts';
import type { TrialProcess } from './trial-client.ts';
import { type Side, sides } from './trial-message.ts';
import { comparison } from './trial-pair.ts';

type BySide<T> = Readonly<Partial<Record<Side, T>>>;

/** A scheduled query that is run again at its times, as each side has it. */
export interface QueryTrial {
  readonly lake: Lake;
  readonly trial: TrialProcess;
  /** The same object for both: it is run once. */
  readonly queries: BySide<QueryToTry>;
  readonly times: RunTimes;
  /** Places of the detections that read it, in the trial's setup. */
  readonly pairs: readonly number[];
  readonly phase: BacktestPhase;
  readonly signal: AbortSignal;
}

/** What the runs gave. */
export interface QueryRows {
  /** Distinct rows over all runs. */
  readonly rows: Comparison;
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
  const { trial, queries, pairs, phase } = input;
  const { timesMs } = input.times;
  const seen: Record<Side, Set<string>> = { before: new Set(), after: new Set() };
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
      for (const side of sides) for (const row of run.rows[side] ?? []) seen[side].add(canonicalJson(row));
      rowCount += run.rows.after?.length ?? 0;
      for (const pair of pairs) await trial.ask({ kind: 'run', run: { pair, queryId, scheduledAtMs, ...run } });
    }
  }
  return { rows: compareSets(seen, queries.before !== undefined), rowCount, failedRuns, failure };
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

function compareSets({ before, after }: Readonly<Record<Side, ReadonlySet<string>>>, hasBefore: boolean): Comparison {
  const both = [...after].filter((text) => before.has(text)).length;
  return comparison({ both, onlyBefore: before.size - both, onlyAfter: after.size - both }, hasBefore);
}
