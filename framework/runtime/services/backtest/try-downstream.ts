import type { BacktestLine, DownstreamTrial } from '../../../model/backtest.ts';
import type { Detection } from '../../../model/detection.ts';
import type { ScheduledQuery } from '../../../model/scheduled-query.ts';
import { tablesNamed } from '../../run-query.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import type { DownstreamQuery } from './find-downstream.ts';
import type { BacktestPlan } from './plan-backtest.ts';
import { givesTheSameRows, missingTables } from './query-to-try.ts';
import { reduceBundle } from './reduce-bundle.ts';
import { RowTally } from './row-tally.ts';
import type { QueryToTry } from './run-queries.ts';
import { notesOfRuns, runTimes } from './run-times.ts';
import { openTrial } from './trial-client.ts';
import type { BySide, Side, TrialSetup } from './trial-message.ts';
import type { TriedMatches } from './tried-matches.ts';
import { tryQuery } from './try-query.ts';

/** What is tried again, and over which matches. */
export interface DownstreamInput {
  readonly parts: RuntimeParts;
  readonly plan: BacktestPlan;
  readonly queries: readonly DownstreamQuery[];
  /** Takes the matches of what is tried here, too. */
  readonly matches: TriedMatches;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What became of the queries. */
export interface DownstreamResult {
  readonly downstream: readonly DownstreamTrial[];
  readonly notes: readonly string[];
}

/** Runs of one query; a month of every hour is fewer. */
const maxRuns = 1_000;

/** Runs the queries that matches reach again, in their order, and tries the scheduled detections that read them. */
export async function* tryDownstream(input: DownstreamInput): AsyncGenerator<BacktestLine, DownstreamResult, void> {
  const { queries, matches } = input;
  const downstream: DownstreamTrial[] = [];
  const notes: string[] = [];
  for (const query of queries) {
    const missing = [...missingTables(input.plan.live, query.queries)].map((name) => `'${name}'`).join(', ');
    if (matches.isFull) notes.push(`There are too many matches to run '${query.queryId}' again over them.`);
    else if (missing !== '') notes.push(`'${query.queryId}' reads ${missing}, of which there is no history.`);
    else {
      const tried = yield* tryOne(input, query);
      downstream.push(tried.trial);
      notes.push(...tried.notes);
    }
  }
  return { downstream, notes };
}

async function* tryOne(
  { parts, plan, matches, timeoutMs, signal }: DownstreamInput,
  { queryId, queries, detections, untried }: DownstreamQuery,
): AsyncGenerator<BacktestLine, { readonly trial: DownstreamTrial; readonly notes: readonly string[] }, void> {
  const { schedule } = (queries.after ?? queries.before) as ScheduledQuery;
  const times = runTimes(schedule, plan.window, maxRuns);
  const tally = new RowTally();
  const trial = detections.length > 0 ? await openTrial(setupOf(plan, detections), { timeoutMs }, signal) : undefined;
  try {
    const runs = yield* tryQuery({
      ...{ lake: parts.lake, trial, times, signal, phase: 'downstream' },
      queries: overMatches(plan, queries, matches),
      pairs: detections.map((_, pair) => pair),
      onRows: (scheduledAtMs, rows) => tally.add(scheduledAtMs, rows),
      onMatches: (pair, found) => matches.add(detections[pair] ?? {}, found),
    });
    const { trials = [] } = trial ? await trial.ask({ kind: 'finish' }) : {};
    for (const tried of detections) matches.replace(tried);
    const hasBefore = queries.before !== undefined;
    return {
      trial: {
        ...{ queryId, runs: times.timesMs.length - runs.failedRuns },
        ...{ rows: tally.total(hasBefore), days: tally.days(hasBefore), detections: trials },
      },
      notes: [
        ...notesOfRuns(times, runs).map((note) => `${queryId}: ${note}`),
        ...untried.map((name) => `'${queryId}' reads ${name}, which is as it is in the lake: it is not tried.`),
      ],
    };
  } finally {
    await trial?.close();
  }
}

/** The queries of both sides over their matches; one object where both give the same. */
function overMatches(
  { live, window }: BacktestPlan,
  { before, after }: DownstreamQuery['queries'],
  matches: TriedMatches,
): BySide<QueryToTry> {
  const over = (query: ScheduledQuery, side: Side): QueryToTry => {
    const { cte, table } = matches.overlay(side, window);
    return { query, cte, tables: [...tablesNamed(live, query.tables), table] };
  };
  const ofAfter = after && over(after, 'after');
  const isOne = before && after && givesTheSameRows(before, after) && matches.isOne;
  return {
    ...(before ? { before: isOne && ofAfter ? ofAfter : over(before, 'before') } : {}),
    ...(ofAfter ? { after: ofAfter } : {}),
  };
}

function setupOf({ live, tried }: BacktestPlan, detections: readonly BySide<Detection>[]): TrialSetup {
  const bundleOf = (side: Side, { bundle }: BacktestPlan['live']) => {
    const ofSide = detections.flatMap((one) => one[side] ?? []);
    return ofSide.length > 0 ? { [side]: reduceBundle(bundle, ofSide, live.logTypes) } : {};
  };
  return {
    bundles: { ...bundleOf('before', live), ...bundleOf('after', tried) },
    pairs: detections.map(({ before, after }) => ({ before: before?.id, after: after?.id })),
    // Matches of scheduled detections are few, and other queries may read them.
    ...{ keep: 'all', returnsMatches: true, withValues: false, withSamples: false, maxMatches: 100_000 },
  };
}
