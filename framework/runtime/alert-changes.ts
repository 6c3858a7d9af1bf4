import type { Routing } from '../model/destination.ts';
import type { Detection } from '../model/detection.ts';
import type { RuleError, RuleMatch } from '../model/rule-match.ts';
import { recordedBy } from '../model/stage.ts';
import type { Changes } from '../model/state.ts';
import { type AlertOutcome, alertRow, matchRow, ruleErrorRow } from './alert/index.ts';
import { enqueue } from './deliver/index.ts';

/** What one evaluation found, and what the alert room made of it. */
export interface AlertChangesInput {
  readonly matches: readonly RuleMatch[];
  readonly errors: readonly RuleError[];
  readonly outcome: AlertOutcome;
  readonly detections: ReadonlyMap<string, Detection>;
  readonly routing: Routing;
  readonly nowMs: number;
}

/**
 * The state changes and lake rows of matches and their alerts, for one commit: windows, alerts,
 * outbox, and the rows of `rule_matches`, `match_alerts`, `alerts` and `rule_errors`.
 */
export function alertChanges(input: AlertChangesInput): Required<Pick<Changes, 'put' | 'rows'>> {
  const { matches, outcome, detections, nowMs } = input;
  const alertOf = new Map(outcome.links.map((link) => [link.matchId, link.alertId]));
  const own = new Set(matches.map((match) => match.matchId));
  const matchRows = matches.flatMap((match) => {
    const detection = recordedBy(detections, match);
    return detection ? [matchRow(match, detection, alertOf.get(match.matchId) ?? null, nowMs)] : [];
  });
  // A match of this commit carries its alert id itself; earlier ones are linked.
  const links = outcome.links.filter((link) => !own.has(link.matchId));
  return {
    put: [
      ...[...outcome.windows].map(([key, value]) => ({ space: 'window' as const, key, value })),
      ...outcome.alerts.map((alert) => ({ space: 'alert' as const, key: alert.alertId, value: alert })),
      ...(enqueue(outcome.notifications, input.routing) ?? []),
    ],
    rows: [
      { table: 'rule_matches', rows: matchRows },
      { table: 'match_alerts', rows: links.map((link) => ({ match_id: link.matchId, alert_id: link.alertId })) },
      { table: 'alerts', rows: outcome.alerts.map(alertRow) },
      { table: 'rule_errors', rows: [...input.errors, ...outcome.errors].map((error) => ruleErrorRow(error, nowMs)) },
    ].filter(({ rows }) => rows.length > 0),
  };
}
