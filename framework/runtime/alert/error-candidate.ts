import { quoteText } from '../../model/quote-sql.ts';
import type { RuleError } from '../../model/rule-match.ts';
import type { Candidate } from './candidate.ts';

/** The candidate of an alert about a detection that fails. A hang is worse than a throw: the detection is stopped. */
export function errorCandidate(error: RuleError): Candidate {
  const { ruleId, ruleFirstId, ruleVersion, stage, functionName, errorClass, rowId, logType, eventTimeMs } = error;
  const isQuarantine = errorClass === 'Timeout';
  return {
    ...{ kind: 'rule_error', ruleId, ruleFirstId, ruleVersion, stage },
    title: isQuarantine
      ? `Detection ${ruleId} is quarantined: ${functionName} did not return (Timeout)`
      : `Detection ${ruleId} failed in ${functionName}: ${errorClass}`,
    level: isQuarantine ? 'high' : 'medium',
    dedup: errorDedup(error),
    description: isQuarantine
      ? 'The function did not return in time. The detection does not run until a new version of it is published.'
      : 'Matches are kept: a function that fails falls back to what the YAML says. A `rule` that fails decides nothing.',
    runbook: [
      `1. See what failed: margay query "SELECT * FROM rule_errors WHERE rule_id = ${quoteText(ruleId)} AND stage = '${stage}'"`,
      `2. Make the record a test of ${ruleId}, fix the function, publish.`,
    ].join('\n'),
    references: [],
    context: { function: functionName, error_class: errorClass, message: error.message, log_type: logType },
    origin: { rowId, logType, eventTimeMs },
  };
}

/** What groups the errors of one detection: the function and the class. */
export function errorDedup(error: Pick<RuleError, 'functionName' | 'errorClass'>): string {
  return `${error.functionName}: ${error.errorClass}`;
}
