import type { RuleMatch } from '../../../model/rule-match.ts';
import { stableId } from '../../../model/stable-id.ts';
import { callFunction, holdsCondition, type Tools } from './call-function.ts';
import { describeMatch } from './describe-match.ts';
import type { ReadyDetection } from './detection-set.ts';
import { booleanType } from './return-types.ts';
import { indicatorsOf, type Subject } from './subject.ts';

/**
 * The match of one detection with one event or row, if it is one: where there is a condition it must hold, then
 * where there is a `rule` it must return true. A `rule` that fails is no match, and an error.
 */
export function evaluateDetection(tools: Tools, ready: ReadyDetection, subject: Subject): RuleMatch | undefined {
  if (!holdsCondition(tools, ready, subject)) return undefined;
  const rule = callFunction(tools, ready, subject, 'rule', booleanType);
  if (rule.kind === 'failed' || (rule.kind === 'value' && !rule.value)) return undefined;
  const { detection, stage } = ready;
  return {
    matchId: stableId(detection.firstId, stage, subject.rowId),
    ruleId: detection.id,
    ruleFirstId: detection.firstId,
    ruleVersion: detection.version,
    stage,
    rowId: subject.rowId,
    logType: subject.logType,
    eventTimeMs: subject.eventTimeMs,
    ...describeMatch(tools, ready, subject),
    indicators: indicatorsOf(subject.record),
    event: subject.record,
  };
}
