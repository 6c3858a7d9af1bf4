import type { Alert, Notification } from '../../../framework/model/alert.ts';
import type { Destination, Routing } from '../../../framework/model/destination.ts';
import { stableId } from '../../../framework/model/stable-id.ts';

export const tenMs = Date.parse('2026-03-02T10:00:00.000Z');

export function buildAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    alertId: '0123456789abcdef0123456789abcdef',
    ruleId: 'okta/mfa-bypass-repeated',
    kind: 'scheduled',
    stage: 'live',
    title: 'bart@example.com was put into Bypass MFA 3 times in 30 days',
    level: 'high',
    dedup: 'bart@example.com',
    status: 'open',
    createdAtMs: tenMs + 120_000,
    updatedAtMs: tenMs + 120_000,
    firstEventTimeMs: tenMs,
    lastEventTimeMs: tenMs,
    matchCount: 1,
    destinations: ['hook'],
    context: { member: 'bart@example.com', adds: 3, first_add: '2026-02-10T09:00:00.000Z' },
    summaries: { member: { distinct: 1, top: [{ value: 'bart@example.com', count: 1 }] } },
    description: 'Added more than twice in 30 days.',
    runbook: '1. Is the user in the group now?\n2. Ask who did the adds: https://wiki.example.com/bypass?a=1&b=2\n',
    references: ['https://developer.example.com/event-types'],
    tags: ['attack.t1556.006'],
    owners: ['@identity'],
    notifications: 1,
    ...overrides,
  };
}

export function buildNotification(overrides: Partial<Alert> = {}, rest: Partial<Notification> = {}): Notification {
  const alert = buildAlert(overrides);
  return {
    notificationId: stableId(alert.alertId, String(alert.notifications)),
    alert,
    reason: 'created',
    evidence: [{ eventTimeMs: tenMs, context: alert.context }],
    ...rest,
  };
}

export function webhook(url: string, settings: Readonly<Record<string, unknown>> = {}, name = 'hook'): Destination {
  return { name, type: 'webhook', levels: [], settings: { url, ...settings } };
}

export function routeTo(...destinations: readonly Destination[]): Routing {
  return { destinations };
}
