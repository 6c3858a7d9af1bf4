import type { Alert } from '../model/alert.ts';
import type { State } from '../model/state.ts';
import {
  type FiringState,
  firingAlertIds,
  type TroubleState,
  type WindowState,
  windowAlertIds,
} from './alert/index.ts';
import type { OutboxEntry } from './deliver/index.ts';

/** Which alerts are looked at, and when they are old. */
export interface AlertSweep {
  /** Of the table `alerts`. Absent: alerts are kept for ever. */
  readonly retentionMs: number | undefined;
  /** Of their ids. */
  readonly prefix: string;
  readonly nowMs: number;
}

/** The table is cut by whole days. */
const dayMs = 86_400_000;

/**
 * Forgets alerts that the table `alerts` keeps no longer, as soon as nothing leads to them: no window that a match can
 * still join, no key that fires, no trouble that lasts, and no delivery that can be seen or replayed.
 */
export async function sweepAlerts(state: State, { retentionMs, prefix, nowMs }: AlertSweep): Promise<void> {
  if (retentionMs === undefined) return;
  const alerts = await state.list<Alert>('alert', { prefix });
  const old = alerts.filter(({ value }) => value.createdAtMs < nowMs - retentionMs - dayMs);
  if (old.length === 0) return;
  const needed = await neededAlerts(state);
  const gone = old.filter(({ key }) => !needed.has(key));
  if (gone.length === 0) return;
  await state.commit({
    // One that is changed right now is looked at again in the next round.
    expect: gone.map(({ key, value }) => ({ space: 'alert', key, value })),
    remove: gone.map(({ key }) => ({ space: 'alert', key })),
  });
}

async function neededAlerts(state: State): Promise<ReadonlySet<string>> {
  const windows = await state.list<WindowState>('window');
  const firing = await state.list<FiringState>('firing');
  const troubles = await state.list<TroubleState>('trouble');
  const outbox = await state.list<OutboxEntry>('outbox');
  return new Set([
    ...windowAlertIds(new Map(windows.map(({ key, value }) => [key, value]))),
    ...firing.flatMap(({ value }) => firingAlertIds(value)),
    ...troubles.map(({ value }) => value.alert.alertId),
    ...outbox.map(({ value }) => value.alertId),
  ]);
}
