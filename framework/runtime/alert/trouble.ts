import type { Alert, Notification } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import { resolveDestinations } from '../../model/resolve-destinations.ts';
import { stableId } from '../../model/stable-id.ts';
import { resolved } from './firing-key-step.ts';
import { keepStatus } from './keep-status.ts';
import { notificationOf } from './open-window.ts';

/** Something that is wrong with what detections rest on, for as long as it lasts. */
export interface Trouble extends Pick<Alert, 'title' | 'level' | 'description' | 'runbook' | 'context' | 'owners'> {
  /** A source is silent, or a scheduled query fails. */
  readonly kind: 'silence' | 'query_failure';
  /** The log type, or the query. */
  readonly subject: string;
  /** Since when. With the subject it makes the alert's id: the same trouble is the same alert. */
  readonly sinceMs: number;
}

/** A trouble that lasts, by its alert. JSON; kept in State space 'trouble' under {@link troubleKey}. */
export interface TroubleState {
  readonly sinceMs: number;
  readonly alert: Alert;
}

const ruleIds = { silence: 'margay/silence', query_failure: 'margay/query-failure' } as const;

/** The key of a trouble: there is one of a kind and subject at a time. */
export function troubleKey(kind: Trouble['kind'], subject: string): string {
  return `${kind}/${subject}`;
}

/**
 * The alert of a trouble that begins, routed by level, and its notification.
 *
 * Edge-triggered: the caller raises it once, keeps the state, and calls {@link endTrouble} when it is over.
 */
export function raiseTrouble(
  trouble: Trouble,
  routing: Routing,
  nowMs: number,
): { readonly state: TroubleState; readonly notifications: readonly Notification[] } {
  const { kind, subject, sinceMs, ...told } = trouble;
  const destinations = resolveDestinations(undefined, trouble.level, routing).names;
  const alert: Alert = {
    alertId: stableId(kind, subject, new Date(sinceMs).toISOString()),
    ruleId: ruleIds[kind],
    ...{ kind, stage: 'live', dedup: subject, status: 'open', ...told },
    ...{ createdAtMs: nowMs, updatedAtMs: nowMs, firstEventTimeMs: sinceMs, lastEventTimeMs: nowMs, matchCount: 1 },
    ...{ destinations, summaries: {}, references: [], tags: [] },
    notifications: destinations.length > 0 ? 1 : 0,
  };
  const evidence = [{ eventTimeMs: sinceMs, context: trouble.context }];
  return {
    state: { sinceMs, alert },
    notifications: destinations.length > 0 ? [notificationOf(alert, 'created', evidence)] : [],
  };
}

/**
 * The alert of a trouble that is over, resolved; nobody is notified. `undefined` when somebody has closed it.
 *
 * @param stored - What State space 'alert' holds.
 */
export function endTrouble({ alert }: TroubleState, stored: Alert | undefined, nowMs: number): Alert | undefined {
  return resolved(keepStatus(alert, stored && new Map([[stored.alertId, stored]])), nowMs);
}
