import type { RuleError } from '../../model/rule-match.ts';
import type { Row } from '../../model/table.ts';

/** The row of an error for the table `rule_errors`. */
export function ruleErrorRow(error: RuleError, nowMs: number): Row {
  return {
    error_id: error.errorId,
    rule_id: error.ruleId,
    rule_version: error.ruleVersion,
    stage: error.stage,
    function: error.functionName,
    error_class: error.errorClass,
    message: error.message,
    p_row_id: error.rowId,
    p_log_type: error.logType,
    event_time: new Date(error.eventTimeMs).toISOString(),
    recorded_at: new Date(nowMs).toISOString(),
  };
}
