import type { Level } from './level.ts';
import type { Mute } from './mute.ts';
import type { Stage } from './rule-match.ts';

/** Open until somebody, or the end of its condition, closes it. */
export type AlertStatus = 'open' | 'resolved' | 'closed';

/** Distinct values of one field over the matches of an alert. */
export interface ValueSummary {
  readonly distinct: number;
  /** `true`: more values came than are tracked, so `distinct` means "at least". */
  readonly capped?: boolean | undefined;
  /** The five most frequent, most frequent first. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

/** Matches of one detection with one dedup key in one window. Title, level and context stick from the first. */
export interface Alert {
  /** hash(first id, stage, dedup key, window start). */
  readonly alertId: string;
  readonly ruleId: string;
  /** What it is about: matches, what a scheduled query finds, a detection that fails, a silent source, a failing query. */
  readonly kind: 'match' | 'scheduled' | 'rule_error' | 'silence' | 'query_failure';
  readonly stage: Stage;
  readonly title: string;
  readonly level: Level;
  readonly dedup: string;
  readonly status: AlertStatus;
  readonly disposition?: string | undefined;
  /** Somebody had muted it when it was to be delivered; it was not. */
  readonly muted?: Pick<Mute, 'by' | 'reason' | 'untilMs'> | undefined;
  /** When the alert came to be (the threshold was reached), processing time. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly firstEventTimeMs: number;
  readonly lastEventTimeMs: number;
  readonly matchCount: number;
  /** Names of the destinations it goes to; `[]`: recorded and delivered nowhere. */
  readonly destinations: readonly string[];
  readonly context: Readonly<Record<string, unknown>>;
  /** By context column or `p_any_*` field. */
  readonly summaries: Readonly<Record<string, ValueSummary>>;
  readonly description: string;
  readonly runbook: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly owners: readonly string[];
  /** How often it has been notified: 1 at creation, more by `renotify`. */
  readonly notifications: number;
}

/** An alert that somebody should hear of now. */
export interface Notification {
  /** hash(alert id, notification number). */
  readonly notificationId: string;
  readonly alert: Alert;
  readonly reason: 'created' | 'renotified';
  /** Evidence: at most five matches, as {title, event time, context}. */
  readonly evidence: readonly { readonly eventTimeMs: number; readonly context: Readonly<Record<string, unknown>> }[];
}
