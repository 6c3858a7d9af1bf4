import type { RuleError } from './rule-match.ts';
import { stableId } from './stable-id.ts';

/** What makes an error the same error: an event that is delivered again fails again, which is no news. */
type ErrorKey = Pick<RuleError, 'ruleFirstId' | 'stage' | 'functionName' | 'rowId' | 'errorClass'>;

/** The id of an error: of its own for each stage, because a live and a shadow version may fail on the same event. */
export function ruleErrorId({ ruleFirstId, stage, functionName, rowId, errorClass }: ErrorKey): string {
  // Live is not spelt out: ids that were recorded before there were two stages stay what they are.
  return stableId(ruleFirstId, ...(stage === 'live' ? [] : [stage]), functionName, rowId, errorClass);
}
