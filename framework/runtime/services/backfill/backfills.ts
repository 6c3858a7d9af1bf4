import type { Backfill } from '../../../model/backfill.ts';
import type { Detection } from '../../../model/detection.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { stableId } from '../../../model/stable-id.ts';
import { eventTable } from '../../../model/standard-tables.ts';
import type { BackfillRequest } from '../../api/index.ts';
import type { BundleCatalog } from '../../bundle-catalog.ts';
import { detectionUnknown } from '../backtest/detection-unknown.ts';
import { newestTime } from '../backtest/newest-time.ts';
import { type BackfillParts, runBackfill, windowOf } from './run-backfill.ts';
import { splitDays } from './split-days.ts';

/** Backfills, one after another, in the background. */
export interface Backfills {
  /**
   * Starts a backfill, or goes on with one that stopped or failed.
   *
   * @throws API_DETECTION_UNKNOWN, API_BACKTEST_REFUSED, RUNTIME_NOTHING_LIVE
   */
  start(request: BackfillRequest & { readonly actor: string }): Promise<Backfill>;
  /** Stops one after what is under way. @throws API_BACKFILL_UNKNOWN */
  stop(backfillId: string): Promise<Backfill>;
  /** Newest first. */
  list(): Promise<readonly Backfill[]>;
  /** Goes on with those that ran when the runtime ended. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

const dayMs = 86_400_000;

/** Opens the backfills of a runtime. */
export function openBackfills(parts: BackfillParts, onNotice: (notice: string) => void): Backfills {
  const { state, clock } = parts;
  const stops = new Map<string, AbortController>();
  let current: { readonly id: string; readonly ended: Promise<void> } | undefined;
  const closing = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  const save = async (backfill: Backfill, change: Partial<Backfill>): Promise<Backfill> => {
    const changed = { ...backfill, ...change, updatedAtMs: clock.now() };
    await state.commit({ put: [{ space: 'backfill', key: backfill.backfillId, value: changed }] });
    return changed;
  };
  const read = (id: string): Promise<Backfill | undefined> => state.get<Backfill>('backfill', id);

  const run = async (id: string, stop: AbortSignal): Promise<void> => {
    const backfill = await read(id);
    if (!backfill || closing.signal.aborted) return;
    try {
      if (stop.aborted) throw new Error('stopped');
      await save(await runBackfill(parts, backfill, AbortSignal.any([stop, closing.signal])), { status: 'done' });
    } catch (error) {
      // At the end of the runtime it stays `running`, and goes on with the next.
      if (closing.signal.aborted) return;
      const last = (await read(id)) ?? backfill;
      if (stop.aborted) await save(last, { status: 'stopped', error: null });
      else {
        const message = error instanceof Error ? error.message : String(error);
        onNotice(`backfill of ${last.ruleId} failed: ${message}`);
        await save(last, { status: 'failed', error: message });
      }
    }
  };

  const enqueue = (id: string): void => {
    const stop = new AbortController();
    stops.set(id, stop);
    queue = queue
      .then(() => {
        current = { id, ended: run(id, stop.signal) };
        return current.ended;
      })
      .catch((error: unknown) => onNotice(`backfill: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => stops.delete(id));
  };

  const list = async (): Promise<readonly Backfill[]> => {
    const entries = await state.list<Backfill>('backfill');
    return entries.map(({ value }) => value).sort((a, b) => b.startedAtMs - a.startedAtMs);
  };

  return {
    list,
    start: async (request) => {
      const { catalog, detection } = requireLive(parts, request.detectionId);
      const wanted =
        (await findUnfinished(await list(), detection, request)) ?? (await draft(parts, catalog, detection, request));
      if (stops.has(wanted.backfillId) || wanted.status === 'done') return wanted;
      const backfill: Backfill = { ...wanted, status: 'running', error: null, actor: request.actor };
      await state.commit({
        put: [{ space: 'backfill', key: backfill.backfillId, value: backfill }],
        rows: [{ table: 'audit', rows: [auditRow(backfill, clock.now())] }],
      });
      enqueue(backfill.backfillId);
      return backfill;
    },
    stop: async (id) => {
      const backfill = await read(id);
      if (!backfill) {
        throw new MargayError('API_BACKFILL_UNKNOWN', `There is no backfill '${id}'.`, {
          hint: "'margay backfill ID' starts one and prints its id with --json.",
        });
      }
      stops.get(id)?.abort();
      // One that waits for its turn is stopped when that comes.
      if (current?.id === id) await current.ended.catch(() => undefined);
      return (await read(id)) ?? backfill;
    },
    resume: async () => {
      for (const { backfillId, status } of [...(await list())].reverse()) if (status === 'running') enqueue(backfillId);
    },
    close: async () => {
      closing.abort();
      await queue;
    },
  };
}

function requireLive(
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
async function findUnfinished(
  backfills: readonly Backfill[],
  { id, version }: Detection,
  { days, until, dryRun }: BackfillRequest,
): Promise<Backfill | undefined> {
  return backfills.find((backfill) => {
    const { fromMs, untilMs } = windowOf(backfill);
    const isSame = backfill.ruleId === id && backfill.ruleVersion === version && backfill.isDryRun === dryRun;
    const isWindow = untilMs - fromMs === days * dayMs && (until === undefined || Date.parse(until) === untilMs);
    return isSame && isWindow && backfill.status !== 'done';
  });
}

async function draft(
  parts: BackfillParts,
  catalog: BundleCatalog,
  { id, firstId, version, source }: Detection,
  { days, until, dryRun, actor }: BackfillRequest & { readonly actor: string },
): Promise<Backfill> {
  await parts.catchUp();
  const logTypes = source.kind === 'events' ? source.logTypes.flatMap((name) => catalog.logTypes.get(name) ?? []) : [];
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

function auditRow({ backfillId, ruleId, window, isDryRun, actor }: Backfill, nowMs: number) {
  const happenedAt = new Date(nowMs).toISOString();
  return {
    audit_id: stableId('audit', 'backfill', backfillId, happenedAt),
    happened_at: happenedAt,
    actor,
    action: 'backfill',
    detail: { backfillId, ruleId, ...window, isDryRun },
  };
}
