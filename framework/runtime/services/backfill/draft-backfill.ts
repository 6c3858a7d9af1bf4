import type { AuditEntry } from '../../../model/audit-row.ts';
import type { Backfill } from '../../../model/backfill.ts';
import type { Detection } from '../../../model/detection.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { stableId } from '../../../model/stable-id.ts';
import { eventTable } from '../../../model/standard-tables.ts';
import type { BackfillRequest } from '../../api/index.ts';
import type { BundleCatalog } from '../../bundle-catalog.ts';
import { detectionUnknown } from '../backtest/detection-unknown.ts';
import { newestTime } from '../backtest/newest-time.ts';
import { type BackfillParts, logTypesOf, windowOf } from './run-backfill.ts';
import { splitDays } from './split-days.ts';

const dayMs = 86_400_000;

/**
 * The detection of that id in the bundle in force.
 *
 * @throws API_DETECTION_UNKNOWN, and API_BACKTEST_REFUSED when it has no matches over events.
 */
export function requireBackfillable(
  { active }: BackfillParts,
  detectionId: string,
): { readonly catalog: BundleCatalog; readonly detection: Detection } {
  const catalog = active()?.catalog;
  const known = [...(catalog?.detections.keys() ?? [])];
  const detection = catalog?.detections.get(detectionId);
  if (!catalog || !detection) throw detectionUnknown(detectionId, known, 'The live bundle');
  if (detection.source.kind === 'events' && detection.mode !== 'off') return { catalog, detection };
  const why = detection.mode === 'off' ? 'is off' : 'reads a scheduled query, not events';
  throw new MargayError(
    'API_BACKTEST_REFUSED',
    `The detection '${detectionId}' ${why}: it has no matches to backfill.`,
    {
      hint: "Backfill the detections whose matches its query reads, then 'margay schedule run' the query.",
    },
  );
}

/** One that was begun for the same and is not done; whoever names the end of the window means that window. */
export function findUnfinished(
  backfills: readonly Backfill[],
  { id, version }: Detection,
  { days, until, dryRun }: BackfillRequest,
): Backfill | undefined {
  return backfills.find((backfill) => {
    const { fromMs, untilMs } = windowOf(backfill);
    const isSame = backfill.ruleId === id && backfill.ruleVersion === version && backfill.isDryRun === dryRun;
    const isWindow = untilMs - fromMs === days * dayMs && (until === undefined || Date.parse(until) === untilMs);
    return isSame && isWindow && backfill.status !== 'done';
  });
}

/** A backfill that begins: of whole days back from when the last event came in, or from the end asked for. */
export async function draftBackfill(
  parts: BackfillParts,
  catalog: BundleCatalog,
  detection: Detection,
  { days, until, dryRun, actor }: BackfillRequest & { readonly actor: string },
): Promise<Backfill> {
  const { id, firstId, version } = detection;
  await parts.catchUp();
  const logTypes = logTypesOf(catalog, detection);
  const { signal } = new AbortController();
  const untilMs =
    until === undefined ? await newestTime(parts.lake, logTypes.map(eventTable), signal) : Date.parse(until);
  const window = { fromMs: untilMs - days * dayMs, untilMs };
  const nowMs = parts.clock.now();
  return {
    backfillId: stableId(
      'backfill',
      firstId,
      version,
      String(window.fromMs),
      String(untilMs),
      String(dryRun),
      String(nowMs),
    ),
    ruleId: id,
    ruleVersion: version,
    window: { from: new Date(window.fromMs).toISOString(), until: new Date(untilMs).toISOString() },
    isDryRun: dryRun,
    status: 'running',
    days: { done: 0, total: splitDays(window).length },
    ...{ written: 0, known: 0, errors: [], error: null, actor, startedAtMs: nowMs, updatedAtMs: nowMs },
  };
}

/** Who began it, for the audit. */
export function auditEntry({ backfillId, ruleId, window, isDryRun, actor }: Backfill, atMs: number): AuditEntry {
  return { action: 'backfill', actor, detail: { backfillId, ruleId, ...window, isDryRun }, atMs };
}
