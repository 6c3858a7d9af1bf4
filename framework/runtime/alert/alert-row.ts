import type { Alert } from '../../model/alert.ts';
import type { Row } from '../../model/table.ts';

/** The row of an alert for the table `alerts`. */
export function alertRow(alert: Alert): Row {
  return {
    alert_id: alert.alertId,
    rule_id: alert.ruleId,
    title: alert.title,
    level: alert.level,
    dedup: alert.dedup,
    status: alert.status,
    disposition: alert.disposition ?? null,
    created_at: new Date(alert.createdAtMs).toISOString(),
    first_event_time: new Date(alert.firstEventTimeMs).toISOString(),
    last_event_time: new Date(alert.lastEventTimeMs).toISOString(),
    match_count: alert.matchCount,
    destinations: alert.destinations,
    context: alert.context,
    stage: alert.stage,
  };
}
