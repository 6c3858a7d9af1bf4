import type { Backfill } from '../../../model/backfill.ts';
import type { State } from '../../../model/state.ts';

const keepMs = 90 * 86_400_000;

/**
 * Forgets backfills that ended, in whatever way, and did not change for 90 days. One that stopped or failed that long
 * ago begins anew when it is asked for, and writes nothing twice.
 */
export async function sweepBackfills(state: State, nowMs: number): Promise<void> {
  const all = await state.list<Backfill>('backfill');
  const old = all.filter(({ value }) => value.status !== 'running' && value.updatedAtMs < nowMs - keepMs);
  if (old.length === 0) return;
  await state.commit({
    // One that is asked for right now goes on.
    expect: old.map(({ key, value }) => ({ space: 'backfill', key, value })),
    remove: old.map(({ key }) => ({ space: 'backfill', key })),
  });
}
