import type { Notification } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import type { Changes } from '../../model/state.ts';

/** How a delivery stands. `dead`: it failed for good, or too often; it can be replayed. */
export type DeliveryStatus = 'pending' | 'delivered' | 'dead';

/** One notification on its way to one destination. JSON; kept in State space 'outbox'. */
export interface OutboxEntry {
  readonly notificationId: string;
  readonly alertId: string;
  readonly destination: string;
  readonly status: DeliveryStatus;
  /** Attempts so far; a replay begins anew. */
  readonly attempts: number;
  readonly nextAttemptAtMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Since when a variable that the destination needs is missing; that is no attempt. */
  readonly missingSecretSinceMs?: number | undefined;
  readonly lastError?: { readonly code: ErrorCode; readonly reason: string } | undefined;
  /** What is sent. Pending and dead entries have it; it is left out once delivered. */
  readonly notification?: Notification | undefined;
}

/** The key of an entry: its status first, so that what is pending is read without the rest. */
export function outboxKey(entry: Pick<OutboxEntry, 'status' | 'notificationId' | 'destination'>): string {
  return `${entry.status}/${entry.notificationId}/${entry.destination}`;
}

/**
 * The outbox entries of notifications, one per destination, to be committed with the alerts.
 *
 * A destination that is no longer configured is replaced by the default one; without a default the entry is dead from
 * the start, where it is seen.
 */
export function enqueue(notifications: readonly Notification[], routing: Routing): NonNullable<Changes['put']> {
  return notifications.flatMap((notification) =>
    destinationsOf(notification, routing).map((destination) => {
      const entry = newEntry(notification, destination, routing);
      return { space: 'outbox' as const, key: outboxKey(entry), value: entry };
    }),
  );
}

function destinationsOf(notification: Notification, routing: Routing): readonly string[] {
  const known = new Set(routing.destinations.map(({ name }) => name));
  const fallback = routing.defaultDestination;
  const substitute = fallback !== undefined && known.has(fallback) ? fallback : undefined;
  return [...new Set(notification.alert.destinations.map((name) => (known.has(name) ? name : (substitute ?? name))))];
}

function newEntry(notification: Notification, destination: string, routing: Routing): OutboxEntry {
  const { notificationId, alert } = notification;
  const isKnown = routing.destinations.some(({ name }) => name === destination);
  const entry = {
    ...{ notificationId, alertId: alert.alertId, destination, attempts: 0 },
    nextAttemptAtMs: alert.updatedAtMs,
    createdAtMs: alert.updatedAtMs,
    updatedAtMs: alert.updatedAtMs,
    notification,
  };
  if (isKnown) return { ...entry, status: 'pending' };
  return { ...entry, status: 'dead', lastError: unknownDestination(destination) };
}

/** Why an entry is not sent whose destination is not configured. */
export function unknownDestination(name: string): NonNullable<OutboxEntry['lastError']> {
  return { code: 'DELIVER_DESTINATION_UNKNOWN', reason: `No destination '${name}' is configured, and no default.` };
}
