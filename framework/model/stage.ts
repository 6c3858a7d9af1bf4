import type { Detection } from './detection.ts';
import type { Stage } from './rule-match.ts';

/** The stage that a detection records in. One that is off records nothing. */
export function stageOf({ mode }: Pick<Detection, 'mode'>): Stage {
  return mode === 'live' ? 'live' : 'shadow';
}

/** Standard table → the column that says in which stage a row was recorded. */
export const stageColumns: ReadonlyMap<string, string> = new Map([
  ['rule_matches', 'p_stage'],
  ['alerts', 'stage'],
  ['rule_errors', 'stage'],
]);
