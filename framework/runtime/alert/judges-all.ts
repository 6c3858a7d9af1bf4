import type { RuleError } from '../../model/rule-match.ts';

/** What a detection made of the rows of a run. */
interface Judgement {
  readonly errors: readonly Pick<RuleError, 'functionName'>[];
  /** Detections that were stopped. */
  readonly stopped: readonly unknown[];
}

/** Whether every row was judged. One that could not be may be one that fires: its absence resolves nothing. */
export function judgesAll({ errors, stopped }: Judgement): boolean {
  const isUndecided = ({ functionName }: Pick<RuleError, 'functionName'>): boolean =>
    functionName === 'rule' || functionName === 'condition';
  return stopped.length === 0 && !errors.some(isUndecided);
}
