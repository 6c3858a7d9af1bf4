import type { Alert } from '../../model/alert.ts';
import type { DeliveryFilter, DeliveryList, DeliveryReport } from '../../model/delivery.ts';
import { MargayError } from '../../model/margay-error.ts';
import { stableId } from '../../model/stable-id.ts';
import type { State } from '../../model/state.ts';
import type { DeliveryCounts } from './delivery.ts';
import { type DeliveryStatus, type OutboxEntry, outboxKey } from './outbox.ts';
import { moveEntry } from './settle-entry.ts';

const statuses: readonly DeliveryStatus[] = ['pending', 'delivered', 'dead'];
const reportedNotifications = 20;
const keepMs = { delivered: 7 * 86_400_000, dead: 30 * 86_400_000 } as const;

/** How many deliveries stand how, in all and by destination. */
export async function countDeliveries(
  state: State,
): Promise<DeliveryCounts & { readonly destinations: Readonly<Record<string, DeliveryCounts>> }> {
  const entries = (await state.list<OutboxEntry>('outbox')).map(({ value }) => value);
  const names = [...new Set(entries.map((entry) => entry.destination))].sort();
  return {
    ...countStatuses(entries),
    destinations: Object.fromEntries(
      names.map((name) => [name, countStatuses(entries.filter((entry) => entry.destination === name))]),
    ),
  };
}

/** The deliveries of an alert's last notifications, oldest first. */
export async function reportAlert(state: State, alertId: string): Promise<readonly DeliveryReport[]> {
  const count = (await state.get<Alert>('alert', alertId))?.notifications ?? 0;
  const reports: DeliveryReport[] = [];
  for (let number = Math.max(1, count - reportedNotifications + 1); number <= count; number++) {
    const notificationId = stableId(alertId, String(number));
    for (const status of statuses) {
      const entries = await state.list<OutboxEntry>('outbox', { prefix: `${status}/${notificationId}/` });
      reports.push(...entries.map(({ value }) => reportEntry(value)));
    }
  }
  return reports;
}

/** Deliveries of a status, or all; what changed last comes first. */
export async function listDeliveries(state: State, filter: DeliveryFilter): Promise<DeliveryList> {
  const { status, limit = Number.POSITIVE_INFINITY } = filter;
  const prefix = status && `${status === 'failed' ? 'dead' : status}/`;
  const entries = await state.list<OutboxEntry>('outbox', prefix === undefined ? {} : { prefix });
  const deliveries = entries.map(({ value }) => reportEntry(value)).sort((a, b) => b.updatedAtMs - a.updatedAtMs);
  return { deliveries: deliveries.slice(0, limit), truncated: deliveries.length > limit };
}

/** Makes a failed delivery pending again. @throws DELIVER_NOT_FAILED */
export async function replayEntry(state: State, key: string, nowMs: number): Promise<void> {
  const entry = await state.get<OutboxEntry>('outbox', `dead/${key}`);
  if (!entry) {
    throw new MargayError('DELIVER_NOT_FAILED', `There is no failed delivery '${key}'.`, {
      hint: "Give NOTIFICATION_ID/DESTINATION as 'margay deliveries --status failed' lists it.",
    });
  }
  await state.commit(moveEntry(entry, reviveEntry(entry, nowMs)));
}

/** Makes every failed delivery pending again; how many there were. */
export async function replayEntries(state: State, nowMs: number): Promise<number> {
  const entries = await state.list<OutboxEntry>('outbox', { prefix: 'dead/' });
  const moves = entries.map(({ value }) => moveEntry(value, reviveEntry(value, nowMs)));
  const put = moves.flatMap((move) => move.put ?? []);
  if (put.length > 0) await state.commit({ put, remove: moves.flatMap((move) => move.remove ?? []) });
  return entries.length;
}

function reviveEntry(entry: OutboxEntry, nowMs: number): OutboxEntry {
  const { lastError: _, missingSecretSinceMs: __, ...rest } = entry;
  return { ...rest, status: 'pending', attempts: 0, nextAttemptAtMs: nowMs, updatedAtMs: nowMs };
}

/** Forgets deliveries that ended long ago. */
export async function sweepOutbox(state: State, nowMs: number): Promise<void> {
  for (const status of ['delivered', 'dead'] as const) {
    const entries = await state.list<OutboxEntry>('outbox', { prefix: `${status}/` });
    const old = entries.filter(({ value }) => value.updatedAtMs < nowMs - keepMs[status]);
    if (old.length > 0) await state.commit({ remove: old.map(({ key }) => ({ space: 'outbox', key })) });
  }
}

function countStatuses(entries: readonly OutboxEntry[]): DeliveryCounts {
  const count = (status: DeliveryStatus): number => entries.filter((entry) => entry.status === status).length;
  return { pending: count('pending'), delivered: count('delivered'), failed: count('dead') };
}

function reportEntry(entry: OutboxEntry): DeliveryReport {
  const { notificationId, alertId, destination, status, attempts, updatedAtMs, lastError } = entry;
  return {
    key: outboxKey(entry).slice(status.length + 1),
    ...{ notificationId, alertId, destination, attempts, updatedAtMs },
    status: status === 'dead' ? 'failed' : status,
    error: lastError ? `${lastError.code}: ${lastError.reason}` : null,
  };
}
