import type { BacktestLine, DetectionTrial } from '../../../model/backtest.ts';
import type { Detection } from '../../../model/detection.ts';
import { MargayError } from '../../../model/margay-error.ts';
import type { ScheduledQuery } from '../../../model/scheduled-query.ts';
import type { BundleCatalog } from '../../bundle-catalog.ts';
import { tablesNamed } from '../../run-query.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import type { BacktestPlan } from './plan-backtest.ts';
import { givesTheSameRows, missingTables } from './query-to-try.ts';
import { reduceBundle } from './reduce-bundle.ts';
import type { QueryToTry } from './run-queries.ts';
import { notesOfRuns, runTimes } from './run-times.ts';
import { openTrial } from './trial-client.ts';
import type { TryOptions } from './try-history.ts';
import { tryQuery } from './try-query.ts';

/** Runs of the query of a scheduled detection; a month of every hour is fewer. */
const maxRuns = 1_000;

/** What a trial over the rows of a query gave. */
export interface ScheduledTrial {
  readonly method: 'query';
  readonly candidates: number;
  readonly trial: DetectionTrial;
  readonly notes: readonly string[];
}

/** Tries a scheduled detection: its query is run again at each of its times in the window. */
export async function* tryScheduled(
  { lake }: RuntimeParts,
  plan: BacktestPlan,
  { timeoutMs, signal, onMatches, ...options }: TryOptions,
): AsyncGenerator<BacktestLine, ScheduledTrial, void> {
  const { live, tried, after, isSame } = plan;
  const before = isSame ? undefined : plan.before;
  const newQuery = queryOf(tried, after) as ScheduledQuery;
  const times = runTimes(newQuery.schedule, plan.window, maxRuns);
  const setup = {
    bundles: {
      ...(before ? { before: reduceBundle(live.bundle, [before], live.logTypes) } : {}),
      after: reduceBundle(tried.bundle, [after], live.logTypes),
    },
    pairs: [{ before: before?.id, after: after.id }],
    ...{ ...options, returnsMatches: onMatches !== undefined },
  };
  const trial = await openTrial(setup, { timeoutMs }, signal);
  try {
    const oldQuery = before && queryOf(live, before);
    const toTryAfter = toTry(live, newQuery);
    const isOne = oldQuery && givesTheSameRows(oldQuery, newQuery);
    const queries = {
      ...(oldQuery ? { before: isOne ? toTryAfter : toTry(live, oldQuery) } : {}),
      after: toTryAfter,
    };
    const runs = yield* tryQuery({
      ...{ lake, trial, queries, times, signal, phase: 'query', pairs: [0] },
      onMatches: (_, found) => onMatches?.(found),
    });
    const { trials } = await trial.ask({ kind: 'finish' });
    return {
      method: 'query',
      candidates: runs.rowCount,
      trial: trials?.[0] as DetectionTrial,
      notes: notesOfRuns(times, runs),
    };
  } finally {
    await trial.close();
  }
}

function queryOf({ queries }: BundleCatalog, { source }: Detection): ScheduledQuery | undefined {
  return source.kind === 'query' ? queries.get(source.query) : undefined;
}

/**
 * A query with its tables as the live bundle has them: those hold the history.
 *
 * @throws API_BACKTEST_REFUSED when it reads a log type that is not live.
 */
function toTry(live: BundleCatalog, query: ScheduledQuery): QueryToTry {
  const missing = missingTables(live, { query });
  if (missing.length === 0) return { query, tables: tablesNamed(live, query.tables) };
  const names = missing.map((name) => `'${name}'`).join(', ');
  throw new MargayError(
    'API_BACKTEST_REFUSED',
    `The query '${query.id}' reads ${names}, of which there is no history.`,
    {
      hint: 'Publish the log type first, and send logs of it.',
    },
  );
}
