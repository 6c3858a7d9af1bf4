import type { Alert } from '../model/alert.ts';
import type { Changes, State } from '../model/state.ts';
import { alertRow, type FiringState, firingAlertIds, liveFiringKeys, retireFiring } from './alert/index.ts';
import type { BundleCatalog } from './bundle-catalog.ts';

/** The state changes that end what fires of detections which a bundle no longer runs; for its activation's commit. */
export async function retireChanges(
  state: State,
  catalog: BundleCatalog,
  nowMs: number,
): Promise<Required<Pick<Changes, 'put' | 'remove' | 'rows'>>> {
  const entries = await state.list<FiringState>('firing');
  const alerts = await state.getMany<Alert>(
    'alert',
    entries.flatMap(({ value }) => firingAlertIds(value)),
  );
  const retired = retireFiring({ entries, live: liveFiringKeys(catalog.bundle), alerts, nowMs });
  return {
    put: retired.alerts.map((alert) => ({ space: 'alert', key: alert.alertId, value: alert })),
    remove: retired.keys.map((key) => ({ space: 'firing', key })),
    rows: retired.alerts.length > 0 ? [{ table: 'alerts', rows: retired.alerts.map(alertRow) }] : [],
  };
}
