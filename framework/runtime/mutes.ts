import type { Alert } from '../model/alert.ts';
import type { Detection } from '../model/detection.ts';
import { type Mute, muteKey } from '../model/mute.ts';
import type { State } from '../model/state.ts';
import type { AlertOutcome } from './alert/index.ts';

/** The mutes that have not ended. */
export async function readMutes(state: State, nowMs: number): Promise<readonly Mute[]> {
  const entries = await state.list<Mute>('mute');
  return entries.map(({ value }) => value).filter(({ untilMs }) => untilMs > nowMs);
}

/** Forgets those that have ended. */
export async function sweepMutes(state: State, nowMs: number): Promise<void> {
  const ended = (await state.list<Mute>('mute')).filter(({ value }) => value.untilMs <= nowMs);
  if (ended.length > 0) await state.commit({ remove: ended.map(({ key }) => ({ space: 'mute', key })) });
}

/**
 * What matches did to the alerts, without the notifications that somebody muted: their alerts say so instead. Alerts
 * about a detection that fails are never muted.
 */
export function withholdMuted(
  outcome: AlertOutcome,
  mutes: readonly Mute[],
  detections: ReadonlyMap<string, Detection>,
): AlertOutcome {
  if (mutes.length === 0) return outcome;
  const byKey = new Map(mutes.map((mute) => [muteKey(mute), mute]));
  const muteOf = ({ ruleId, kind, dedup }: Alert): Mute | undefined => {
    if (kind !== 'match' && kind !== 'scheduled') return undefined;
    const names = [ruleId, ...(detections.get(ruleId)?.aliases ?? [])];
    const keys = names.flatMap((name) => [null, dedup].map((key) => muteKey({ ruleId: name, dedup: key })));
    return keys.flatMap((key) => byKey.get(key) ?? [])[0];
  };
  const withheld = new Map(
    outcome.notifications.flatMap(({ notificationId, alert }) => {
      const mute = muteOf(alert);
      return mute ? [[notificationId, { alertId: alert.alertId, mute }] as const] : [];
    }),
  );
  const muted = new Map([...withheld.values()].map(({ alertId, mute }) => [alertId, mute]));
  return {
    ...outcome,
    notifications: outcome.notifications.filter(({ notificationId }) => !withheld.has(notificationId)),
    alerts: outcome.alerts.map((alert) => {
      const mute = muted.get(alert.alertId);
      return mute ? { ...alert, muted: { by: mute.by, reason: mute.reason, untilMs: mute.untilMs } } : alert;
    }),
  };
}
