import type { Alert } from '../model/alert.ts';
import type { Routing } from '../model/destination.ts';
import type { Changes, State, StateEntry } from '../model/state.ts';
import { alertRow, endTrouble, raiseTrouble, type Trouble, type TroubleState, troubleKey } from './alert/index.ts';
import { enqueue } from './deliver/index.ts';

/** The changes that begin a trouble: its alert, its notification, and that it lasts. */
export function beginTroubleChanges(trouble: Trouble, routing: Routing, nowMs: number): Changes {
  const { state, notifications } = raiseTrouble(trouble, routing, nowMs);
  const { alert } = state;
  return {
    put: [
      { space: 'trouble', key: troubleKey(trouble.kind, trouble.subject), value: state },
      { space: 'alert', key: alert.alertId, value: alert },
      ...enqueue(notifications, routing),
    ],
    rows: [{ table: 'alerts', rows: [alertRow(alert)] }],
  };
}

/** The changes that end a trouble: its alert is resolved, unless somebody has closed it. */
export async function endTroubleChanges(
  state: State,
  entry: StateEntry<TroubleState>,
  nowMs: number,
): Promise<Changes> {
  const stored = await state.get<Alert>('alert', entry.value.alert.alertId);
  const alert = endTrouble(entry.value, stored, nowMs);
  const remove = [{ space: 'trouble' as const, key: entry.key }];
  if (!alert) return { remove };
  return {
    remove,
    put: [{ space: 'alert', key: alert.alertId, value: alert }],
    rows: [{ table: 'alerts', rows: [alertRow(alert)] }],
  };
}
