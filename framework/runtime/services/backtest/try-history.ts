import type { BacktestLine, DetectionTrial } from '../../../model/backtest.ts';
import type { Detection } from '../../../model/detection.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { countDays } from './count-days.ts';
import type { BacktestPlan } from './plan-backtest.ts';
import { planScan, type ScanPlan } from './plan-scan.ts';
import { reduceBundle, withoutCondition } from './reduce-bundle.ts';
import { openTrial } from './trial-client.ts';
import type { BySide, TrialSetup } from './trial-message.ts';
import { type EventTrial, tryEvents } from './try-events.ts';

/** What a trial over events gave. */
export interface HistoryTrial {
  readonly method: 'sql' | 'code';
  readonly candidates: number;
  readonly trial: DetectionTrial;
  readonly notes: readonly string[];
}

/** What a trial may take, and what is to be known of its matches. */
export interface TryOptions extends Pick<TrialSetup, 'keep' | 'withValues' | 'withSamples' | 'maxMatches'> {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onMatches?: EventTrial['onMatches'];
}

/** Tries an event detection over the tables that it reads, one scan each. */
export async function* tryHistory(
  { lake }: RuntimeParts,
  plan: BacktestPlan,
  options: TryOptions,
): AsyncGenerator<BacktestLine, HistoryTrial, void> {
  const { timeoutMs, signal, onMatches, maxMatches } = options;
  const detections = triedDetections(plan);
  const scan = planScan({ detections, logTypes: plan.live.logTypes, window: plan.window, keep: options.keep });
  const trial = await openTrial(setupOf(plan, detections, scan, options), { timeoutMs }, signal);
  const method = scan.isDecided ? 'sql' : 'code';
  const tooMany = `More than ${maxMatches.toLocaleString('en')} events match: they are counted, their alerts are not.`;
  try {
    const reading = { lake, trial, timeoutMs, signal, onMatches };
    const candidates = yield* readTables(scan, reading, scan.isDecided ? maxMatches : Number.POSITIVE_INFINITY);
    if (candidates === undefined) {
      const counted = await countDays(scan.scans, plan.after.id, detections.before !== undefined, reading);
      const { both, onlyBefore, onlyAfter } = counted.matches;
      return { method, candidates: both + onlyBefore + onlyAfter, trial: counted, notes: [tooMany] };
    }
    const { trials } = await trial.ask({ kind: 'finish' });
    const found = trials?.[0] as DetectionTrial;
    return { method, candidates, trial: found, notes: found.alerts === null ? [tooMany] : [] };
  } finally {
    await trial.close();
  }
}

/** @returns How many candidates there were; `undefined`: more than that, and the rest was not read. */
async function* readTables(
  { scans }: ScanPlan,
  reading: EventTrial,
  maxCandidates: number,
): AsyncGenerator<BacktestLine, number | undefined, void> {
  let candidates = 0;
  for (const table of scans) {
    for await (const count of tryEvents(table, reading)) {
      candidates += count;
      if (candidates > maxCandidates) return undefined;
      yield { kind: 'progress', phase: 'events', done: candidates, total: null };
    }
  }
  return candidates;
}

/** What is evaluated. Where both give the same it is the new one alone. */
function triedDetections({ before, after, isSame }: BacktestPlan): BySide<Detection> {
  return before && !isSame ? { before, after } : { after };
}

function setupOf(
  { live, tried }: BacktestPlan,
  { before, after }: BySide<Detection>,
  { isExact }: ScanPlan,
  options: TryOptions,
): TrialSetup {
  const { keep, withValues, withSamples, maxMatches, onMatches } = options;
  const bundleOf = ({ bundle }: BacktestPlan['live'], detection: Detection) =>
    reduceBundle(bundle, [isExact ? withoutCondition(detection) : detection], live.logTypes);
  return {
    bundles: {
      ...(before ? { before: bundleOf(live, before) } : {}),
      ...(after ? { after: bundleOf(tried, after) } : {}),
    },
    pairs: [{ before: before?.id, after: after?.id }],
    ...{ keep, withValues, withSamples, maxMatches },
    returnsMatches: onMatches !== undefined,
  };
}
