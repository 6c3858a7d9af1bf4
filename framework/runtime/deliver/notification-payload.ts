import type { Alert, Notification, ValueSummary } from '../../model/alert.ts';
import type { Level } from '../../model/level.ts';

/**
 * What a webhook receives, and what a file holds one a line. Times are ISO 8601, UTC. Fields are only ever added;
 * anything else would be another `version`.
 */
export interface NotificationPayload {
  readonly version: 1;
  /** The same in every attempt: drop what you have seen. Also the `Idempotency-Key` header of a webhook. */
  readonly notificationId: string;
  /** `created`: a new alert. `renotified`: one that you know has got worse. */
  readonly reason: Notification['reason'];
  readonly alert: {
    readonly id: string;
    readonly ruleId: string;
    /** `match`, `scheduled`; `rule_error` when a detection fails, `silence` a source, `query_failure` a scheduled query. */
    readonly kind: Alert['kind'];
    readonly title: string;
    readonly level: Level;
    readonly dedup: string;
    readonly status: Alert['status'];
    readonly createdAt: string;
    readonly firstEventTime: string;
    readonly lastEventTime: string;
    readonly matchCount: number;
    readonly context: Readonly<Record<string, unknown>>;
    /** Distinct values and the most frequent ones, by context column and `p_any_*` field. */
    readonly summaries: Readonly<Record<string, ValueSummary>>;
    readonly description: string;
    readonly runbook: string;
    readonly references: readonly string[];
    readonly tags: readonly string[];
    readonly owners: readonly string[];
    /** How often it has been notified, this time included. */
    readonly notifications: number;
  };
  /** At most five matches. */
  readonly evidence: readonly { readonly eventTime: string; readonly context: Readonly<Record<string, unknown>> }[];
  /** The command that shows more. */
  readonly command: string;
}

/** The payload of a notification. */
export function notificationPayload({ notificationId, alert, reason, evidence }: Notification): NotificationPayload {
  const { ruleId, kind, title, level, dedup, status, matchCount, context, summaries } = alert;
  const { description, runbook, references, tags, owners, notifications } = alert;
  return {
    version: 1,
    ...{ notificationId, reason },
    alert: {
      id: alert.alertId,
      ...{ ruleId, kind, title, level, dedup, status },
      createdAt: new Date(alert.createdAtMs).toISOString(),
      firstEventTime: new Date(alert.firstEventTimeMs).toISOString(),
      lastEventTime: new Date(alert.lastEventTimeMs).toISOString(),
      ...{ matchCount, context, summaries, description, runbook, references, tags, owners, notifications },
    },
    evidence: evidence.map((entry) => ({
      eventTime: new Date(entry.eventTimeMs).toISOString(),
      context: entry.context,
    })),
    command: showCommand(alert),
  };
}

/** The command that shows an alert. */
export function showCommand(alert: Alert): string {
  return `margay alerts show ${alert.alertId}`;
}
