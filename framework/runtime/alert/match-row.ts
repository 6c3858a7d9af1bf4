import type { Detection } from '../../model/detection.ts';
import { indicatorFieldNames } from '../../model/indicators.ts';
import type { RuleMatch } from '../../model/rule-match.ts';
import type { Row } from '../../model/table.ts';

/**
 * The row of a match for the table `rule_matches`.
 *
 * @param alertId - `null` while its alert does not exist; a link follows when it does.
 */
export function matchRow(match: RuleMatch, detection: Detection, alertId: string | null, nowMs: number): Row {
  return {
    p_rule_id: match.ruleId,
    p_rule_title: match.title,
    p_rule_level: match.level,
    p_rule_tags: detection.tags,
    p_rule_version: match.ruleVersion,
    p_stage: match.stage,
    p_alert_id: alertId,
    p_dedup: match.dedup,
    p_match_id: match.matchId,
    p_match_time: new Date(nowMs).toISOString(),
    p_event_time: new Date(match.eventTimeMs).toISOString(),
    p_log_type: match.logType,
    p_row_id: match.rowId,
    p_alert_context: match.context,
    p_event: match.event,
    ...Object.fromEntries(indicatorFieldNames.map((name) => [name, match.indicators[name] ?? null])),
    p_backfilled: false,
  };
}
