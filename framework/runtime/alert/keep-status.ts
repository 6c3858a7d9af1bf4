import type { Alert } from '../../model/alert.ts';

/** An alert as a window or key remembers it, with the status, disposition and mute that it has been given meanwhile. */
export function keepStatus(alert: Alert, alerts: ReadonlyMap<string, Alert> | undefined): Alert {
  const stored = alerts?.get(alert.alertId);
  if (!stored) return alert;
  const { disposition: _, muted: __, ...rest } = alert;
  const { status, disposition, muted } = stored;
  return { ...rest, status, ...(disposition === undefined ? {} : { disposition }), ...(muted ? { muted } : {}) };
}
