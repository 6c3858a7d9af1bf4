import { auditRow } from '../../../model/audit-row.ts';
import type { Backfill } from '../../../model/backfill.ts';
import { MargayError } from '../../../model/margay-error.ts';
import type { BackfillRequest, StopBackfillRequest } from '../../api/index.ts';
import { auditEntry, draftBackfill, findUnfinished, requireBackfillable } from './draft-backfill.ts';
import { type BackfillParts, runBackfill } from './run-backfill.ts';

/** Backfills, one after another, in the background. */
export interface Backfills {
  /**
   * Starts a backfill, or goes on with one that stopped or failed.
   *
   * @throws API_DETECTION_UNKNOWN, API_BACKTEST_REFUSED, RUNTIME_NOTHING_LIVE
   */
  start(request: BackfillRequest & { readonly actor: string }): Promise<Backfill>;
  /** Stops one after what is under way. @throws API_BACKFILL_UNKNOWN */
  stop(request: StopBackfillRequest & { readonly actor: string }): Promise<Backfill>;
  /** Newest first. */
  list(): Promise<readonly Backfill[]>;
  /** Goes on with those that ran when the runtime ended. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

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
      const { catalog, detection } = requireBackfillable(parts, request.detectionId);
      const wanted =
        findUnfinished(await list(), detection, request) ?? (await draftBackfill(parts, catalog, detection, request));
      if (stops.has(wanted.backfillId) || wanted.status === 'done') return wanted;
      const backfill: Backfill = { ...wanted, status: 'running', error: null, actor: request.actor };
      await state.commit({
        put: [{ space: 'backfill', key: backfill.backfillId, value: backfill }],
        rows: [{ table: 'audit', rows: [auditRow(auditEntry(backfill, clock.now()))] }],
      });
      enqueue(backfill.backfillId);
      return backfill;
    },
    stop: async ({ backfillId: id, actor }) => {
      const backfill = await read(id);
      if (!backfill) {
        throw new MargayError('API_BACKFILL_UNKNOWN', `There is no backfill '${id}'.`, {
          hint: "'margay backfill ID' starts one and prints its id with --json.",
        });
      }
      const { ruleId } = backfill;
      const entry = { action: 'stop_backfill', actor, detail: { backfillId: id, ruleId }, atMs: clock.now() };
      await state.commit({ rows: [{ table: 'audit', rows: [auditRow(entry)] }] });
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
