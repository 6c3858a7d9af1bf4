import type { BacktestLine, BacktestReport, DetectionTrial } from '../../../model/backtest.ts';
import type { BacktestRequest } from '../../api/index.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { type DownstreamQuery, findDownstream } from './find-downstream.ts';
import { mirrorTrial } from './mirror-trial.ts';
import { type BacktestPlan, planBacktest } from './plan-backtest.ts';
import { TriedMatches } from './tried-matches.ts';
import { tryDownstream } from './try-downstream.ts';
import { type TryOptions, tryHistory } from './try-history.ts';
import { tryScheduled } from './try-scheduled.ts';

/** How much a backtest may take. */
export interface BacktestLimits {
  /** All of it. @defaultValue 15 minutes */
  readonly timeoutMs?: number | undefined;
  /** Matches of one logic from which on they are only counted. @defaultValue 500,000 */
  readonly maxMatches?: number | undefined;
}

/**
 * Tries a detection of a bundle that need not be live over the lake's history, beside the live one, and says where
 * they differ. Its code runs in a process of its own; nothing is written.
 *
 * @throws what {@link planBacktest} and the lake throw; RUNTIME_TRIAL_FAILED, API_BACKTEST_REFUSED
 */
export async function* runBacktest(
  parts: RuntimeParts,
  request: BacktestRequest,
  signal: AbortSignal,
  { timeoutMs = 15 * 60_000, maxMatches = 500_000 }: BacktestLimits = {},
): AsyncGenerator<BacktestLine, void, void> {
  const plan = await planBacktest(parts, request, signal);
  const queries = await findDownstream(plan);
  const matches = new TriedMatches(maxTriedMatches);
  const sides = { before: plan.before, after: plan.after };
  matches.replace(sides);
  const options: TryOptions = {
    keep: keepFor(request, queries),
    ...(queries.length > 0 ? { onMatches: (found) => matches.add(sides, found) } : {}),
    withValues: request.values,
    withSamples: request.samples,
    ...{ maxMatches, timeoutMs, signal },
  };
  const isScheduled = plan.after.source.kind === 'query';
  yield { kind: 'progress', phase: isScheduled ? 'query' : 'events', done: 0, total: null };
  const tried = yield* isScheduled ? tryScheduled(parts, plan, options) : tryHistory(parts, plan, options);
  if (plan.isSame) matches.mirror();
  const further = yield* tryDownstream({ parts, plan, queries, matches, timeoutMs, signal });
  const notes = [...tried.notes, ...further.notes];
  yield { kind: 'report', report: reportOf(plan, { ...tried, ...further, notes }) };
}

/** Queries are run over no more matches than these, which go along with each read. */
const maxTriedMatches = 20_000;

/** What is to be known of matches: what is shown, and what queries over them may read. */
function keepFor({ samples, values }: BacktestRequest, queries: readonly DownstreamQuery[]): TryOptions['keep'] {
  if (samples || queries.some(({ readsEvents }) => readsEvents)) return 'all';
  return values || queries.length > 0 ? 'values' : 'keys';
}

/** What a trial gave, besides its figures. */
type Tried = Pick<BacktestReport, 'method' | 'candidates' | 'downstream' | 'notes'> & {
  readonly trial: DetectionTrial;
};

function reportOf(plan: BacktestPlan, { trial, notes, ...tried }: Tried): BacktestReport {
  const { window, before, live, isSame } = plan;
  const { detectionId, ...figures } = isSame ? mirrorTrial(trial) : trial;
  return {
    detectionId,
    window: { from: new Date(window.fromMs).toISOString(), until: new Date(window.untilMs).toISOString() },
    digest: plan.tried.digest,
    against: before ? { digest: live.digest, serial: plan.serial } : null,
    ...tried,
    ...figures,
    notes: [...missingHistory(plan), ...notes],
  };
}

/** Log types that have no history here, or another schema than the one that is tried. */
function missingHistory({ live, tried, after, request, before }: BacktestPlan): readonly string[] {
  const { source } = after;
  const logTypes = source.kind === 'events' ? source.logTypes : [];
  const missing = logTypes.filter((name) => !live.logTypes.has(name));
  const changed = logTypes.filter(
    (name) =>
      live.logTypes.has(name) && JSON.stringify(live.logTypes.get(name)) !== JSON.stringify(tried.logTypes.get(name)),
  );
  return [
    ...missing.map((name) => `There is no history of ${name}: it is not live.`),
    ...changed.map(
      (name) => `The events of ${name} are as the live bundle reads them; the change of its log type is not tried.`,
    ),
    ...(request.against === 'live' && !before
      ? ['The live bundle does not have the detection: all of it is new.']
      : []),
  ];
}
