import type { Alert } from '../model/alert.ts';
import type { Changes, State } from '../model/state.ts';
import { alertRow, type FiringState, firingAlertIds, firingKey, liveFiringKeys, retireFiring } from './alert/index.ts';
import type { BundleCatalog } from './bundle-catalog.ts';

/**
 * The state changes that end what fires of detections which a bundle no longer runs; for its activation's commit.
 *
 * @param ended - First ids of what was tried in the shadow, and is no longer, or anew.
 */
export async function retireChanges(
  state: State,
  catalog: BundleCatalog,
  nowMs: number,
  ended: ReadonlySet<string> = new Set(),
): Promise<Required<Pick<Changes, 'put' | 'remove' | 'rows'>>> {
  const entries = await state.list<FiringState>('firing');
  const alerts = await state.getMany<Alert>(
    'alert',
    entries.flatMap(({ value }) => firingAlertIds(value)),
  );
  const over = new Set([...ended].map((firstId) => firingKey(firstId, 'shadow')));
  const live = new Set([...liveFiringKeys(catalog.bundle)].filter((key) => !over.has(key)));
  const retired = retireFiring({ entries, live, alerts, nowMs });
  return {
    put: retired.alerts.map((alert) => ({ space: 'alert', key: alert.alertId, value: alert })),
    remove: retired.keys.map((key) => ({ space: 'firing', key })),
    rows: retired.alerts.length > 0 ? [{ table: 'alerts', rows: retired.alerts.map(alertRow) }] : [],
  };
}
