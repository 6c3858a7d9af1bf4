import type { Detection } from '../../../model/detection.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { openBundle } from '../../../model/open-bundle.ts';
import { eventTable } from '../../../model/standard-tables.ts';
import type { BacktestRequest } from '../../api/index.ts';
import { type BundleCatalog, catalogBundle } from '../../bundle-catalog.ts';
import type { RuntimeParts } from '../runtime-parts.ts';
import { detectionUnknown } from './detection-unknown.ts';
import { newestTime } from './newest-time.ts';
import type { Window } from './plan-scan.ts';
import { givesTheSame } from './reduce-bundle.ts';

/** What is tried against what, over which time. */
export interface BacktestPlan {
  readonly request: BacktestRequest;
  /** The bundle that is live: its log types made the history. */
  readonly live: BundleCatalog;
  readonly serial: number;
  readonly tried: BundleCatalog;
  readonly after: Detection;
  /** Absent: nothing is compared with, or the live bundle does not have the detection. */
  readonly before?: Detection | undefined;
  /** `true`: both give the same, so that one is tried for both. */
  readonly isSame: boolean;
  readonly window: Window;
}

const dayMs = 86_400_000;

/**
 * Opens what a backtest is about.
 *
 * @throws API_DETECTION_UNKNOWN when the bundle does not have the detection.
 * @throws COMPILE_BUNDLE_DIGEST, COMPILE_BUNDLE_INVALID
 * @throws RUNTIME_NOTHING_LIVE before the first publish: then there is no history either.
 */
export async function planBacktest(
  parts: RuntimeParts,
  request: BacktestRequest,
  signal: AbortSignal,
): Promise<BacktestPlan> {
  const tried = catalogBundle(request.envelope.digest, openBundle(request.envelope));
  const after = tried.detections.get(request.detectionId);
  if (!after) throw detectionUnknown(request.detectionId, [...tried.detections.keys()], 'The bundle');
  const live = liveOf(parts);
  await parts.catchUp();
  const before = request.against === 'live' ? sameDetection(live, after) : undefined;
  const untilMs =
    request.until === undefined
      ? await newestTime(parts.lake, [...live.logTypes.values()].map(eventTable), signal)
      : Date.parse(request.until);
  return {
    request,
    live,
    serial: parts.publisher.live()?.serial ?? 0,
    tried,
    after,
    before,
    isSame: before !== undefined && givesTheSame(before, after) && isOneQuery(live, tried, after),
    window: { fromMs: untilMs - request.days * dayMs, untilMs },
  };
}

/** The bundle in force. @throws RUNTIME_NOTHING_LIVE */
export function liveOf(parts: RuntimeParts): BundleCatalog {
  const active = parts.active();
  if (active) return active.catalog;
  throw new MargayError('RUNTIME_NOTHING_LIVE', 'Nothing is live in this runtime, so that it has no history.', {
    hint: "Run 'margay publish' first.",
  });
}

/** The same detection in another bundle, whatever it is called there. */
export function sameDetection({ bundle }: BundleCatalog, { firstId }: Detection): Detection | undefined {
  return bundle.detections.find((detection) => detection.firstId === firstId);
}

function isOneQuery(live: BundleCatalog, tried: BundleCatalog, { source }: Detection): boolean {
  if (source.kind !== 'query') return true;
  return live.queries.get(source.query)?.sql === tried.queries.get(source.query)?.sql;
}
