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

/** The key of what a version in this stage is found by, where two versions of a detection run side by side. */
export function ruleKey(ruleId: string, stage: Stage): string {
  return stage === 'live' ? ruleId : `${ruleId} ${stage}`;
}

/** The detection that recorded something: of two that run side by side the one of its stage. */
export function recordedBy<T>(
  detections: ReadonlyMap<string, T>,
  { ruleId, stage }: { readonly ruleId: string; readonly stage: Stage },
): T | undefined {
  return detections.get(ruleKey(ruleId, stage)) ?? detections.get(ruleId);
}
