import type { Backfill } from '../../../model/backfill.ts';
import type { Clock } from '../../../model/clock.ts';
import type { Detection } from '../../../model/detection.ts';
import type { Lake } from '../../../model/lake.ts';
import type { LogType } from '../../../model/log-type.ts';
import { MargayError } from '../../../model/margay-error.ts';
import type { RuleMatch } from '../../../model/rule-match.ts';
import { eventTable } from '../../../model/standard-tables.ts';
import type { State } from '../../../model/state.ts';
import type { BundleCatalog } from '../../bundle-catalog.ts';
import { planScan, type Window } from '../backtest/plan-scan.ts';
import { reduceBundle } from '../backtest/reduce-bundle.ts';
import { openTrial, type TrialProcess } from '../backtest/trial-client.ts';
import { tryEvents } from '../backtest/try-events.ts';
import { recordMatches } from './record-matches.ts';
import { dayName, splitDays } from './split-days.ts';

/** What a backfill needs of the runtime. */
export interface BackfillParts {
  readonly state: State;
  readonly lake: Lake;
  readonly clock: Clock;
  /** The bundle in force. */
  readonly active: () => { readonly catalog: BundleCatalog } | undefined;
  /** Resolves when the lake holds everything acknowledged before the call. */
  readonly catchUp: () => Promise<void>;
}

const timeoutMs = 6 * 3_600_000;
/** Matches that are recorded at a time. */
const pieceLength = 500;

/**
 * Records the matches of a detection that is live, day by day from where the backfill stands; days without any of its
 * events cost nothing. The progress of a day
 * commits with its last matches; what of a day was recorded before an end in the middle is known the next time.
 *
 * @throws RUNTIME_BACKFILL_FAILED when the detection changed, or was stopped; what the lake and the trial throw
 */
export async function runBackfill(parts: BackfillParts, started: Backfill, signal: AbortSignal): Promise<Backfill> {
  await parts.catchUp();
  const { catalog, detection } = requireLive(parts, started);
  const stored = await parts.lake.days(logTypesOf(catalog, detection).map(eventTable));
  const setup = {
    bundles: { after: reduceBundle(catalog.bundle, [detection], catalog.logTypes) },
    pairs: [{ after: detection.id }],
    ...{ keep: 'all' as const, returnsMatches: true, withValues: false, withSamples: false, maxMatches: 0 },
  };
  const trial = await openTrial(setup, { timeoutMs }, signal);
  try {
    let backfill = started;
    const days = splitDays(windowOf(started));
    for (const day of days.slice(started.days.done)) {
      requireLive(parts, started);
      if (stored.has(dayName(day)))
        backfill = await runDay(parts, { catalog, detection, trial, signal }, backfill, day);
      else backfill = withDayDone(backfill);
    }
    return backfill;
  } finally {
    await trial.close();
  }
}

interface Running {
  readonly catalog: BundleCatalog;
  readonly detection: Detection;
  readonly trial: TrialProcess;
  readonly signal: AbortSignal;
}

async function runDay(
  { state, lake, clock }: BackfillParts,
  { catalog, detection, trial, signal }: Running,
  before: Backfill,
  window: Window,
): Promise<Backfill> {
  let backfill = before;
  const found: RuleMatch[] = [];
  const record = async (matches: readonly RuleMatch[], change: Partial<Backfill>): Promise<void> => {
    const nowMs = clock.now();
    backfill = await recordMatches({ state, detection, nowMs }, matches, ({ written, known }) => ({
      ...backfill,
      written: backfill.written + written,
      known: backfill.known + known,
      ...change,
      updatedAtMs: nowMs,
    }));
  };
  const { scans } = planScan({ detections: { after: detection }, logTypes: catalog.logTypes, window, keep: 'all' });
  const onMatches = ({ after }: { readonly after: readonly RuleMatch[] }): void => void found.push(...after);
  for (const scan of scans) {
    for await (const _ of tryEvents(scan, { lake, trial, timeoutMs, signal, onMatches })) {
      while (found.length >= pieceLength) await record(found.splice(0, pieceLength), {});
    }
  }
  const { trials } = await trial.ask({ kind: 'finish' });
  if (trials?.[0]?.stopped.length) throw stoppedDetection(detection.id);
  while (found.length > pieceLength) await record(found.splice(0, pieceLength), {});
  const errors = (trials?.[0]?.errors ?? []).map(({ side: _, ...error }) => error);
  await record(found, { errors, days: withDayDone(before).days });
  return backfill;
}

function withDayDone(backfill: Backfill): Backfill {
  return { ...backfill, days: { ...backfill.days, done: backfill.days.done + 1 } };
}

/** The log types that a detection reads, as a bundle has them. */
export function logTypesOf({ logTypes }: BundleCatalog, { source }: Detection): readonly LogType[] {
  return source.kind === 'events' ? source.logTypes.flatMap((name) => logTypes.get(name) ?? []) : [];
}

/** The window of a backfill in milliseconds. */
export function windowOf({ window }: Pick<Backfill, 'window'>): Window {
  return { fromMs: Date.parse(window.from), untilMs: Date.parse(window.until) };
}

function requireLive({ active }: BackfillParts, { ruleId, ruleVersion }: Backfill): Omit<Running, 'trial' | 'signal'> {
  const catalog = active()?.catalog;
  const detection = catalog?.detections.get(ruleId);
  if (catalog && detection?.version === ruleVersion && detection.mode !== 'off') return { catalog, detection };
  throw new MargayError('RUNTIME_BACKFILL_FAILED', `The detection '${ruleId}' is not live any more as it was.`, {
    hint: 'Start a backfill of the detection as it is now.',
  });
}

function stoppedDetection(ruleId: string): MargayError {
  return new MargayError('RUNTIME_BACKFILL_FAILED', `The detection '${ruleId}' hung, or took too much memory.`, {
    hint: "Find out over which events with 'margay backtest'. What was recorded stays.",
  });
}
