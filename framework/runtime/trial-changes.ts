import { type Rollout, type Trial, trialDay } from '../model/rollout.ts';
import type { RuleError, RuleMatch } from '../model/rule-match.ts';
import type { Changes, StateEntry } from '../model/state.ts';
import type { AlertOutcome } from './alert/index.ts';

/** What was evaluated, and what came of it; each match and error that is new once. */
export interface Evidence {
  /** Of a detection by its id: how many events, or runs, it evaluated. */
  readonly evaluated: (ruleId: string) => number;
  readonly matches: readonly RuleMatch[];
  readonly errors: readonly RuleError[];
  readonly outcome: Pick<AlertOutcome, 'alerts' | 'raised' | 'errors'>;
  readonly nowMs: number;
}

/** What trials know more of now; for the commit of what was evaluated. */
export function trialChanges(
  rollouts: readonly StateEntry<Rollout>[],
  evidence: Evidence,
): Required<Pick<Changes, 'expect' | 'put'>> {
  const changed = rollouts.flatMap(({ key, value }) => {
    const trial = advanceTrial(value, evidence);
    return trial ? [{ key, before: value, after: { ...value, trial } }] : [];
  });
  return {
    expect: changed.map(({ key, before }) => ({ space: 'rollout', key, value: before })),
    put: changed.map(({ key, after }) => ({ space: 'rollout', key, value: after })),
  };
}

/** `undefined`: it has not evaluated anything. */
function advanceTrial({ ruleId, trial }: Rollout, evidence: Evidence): Trial | undefined {
  const { matches, outcome, nowMs } = evidence;
  const evaluated = evidence.evaluated(ruleId);
  const isOwn = (it: Pick<RuleMatch, 'ruleId' | 'ruleVersion'>): boolean =>
    it.ruleId === ruleId && it.ruleVersion === trial.version;
  const errors = [...evidence.errors, ...outcome.errors].filter(isOwn);
  if (evaluated === 0 && errors.length === 0) return undefined;
  const created = new Set(outcome.raised.flatMap(({ alertId, reason }) => (reason === 'created' ? [alertId] : [])));
  const alerts = outcome.alerts.filter(
    (alert) =>
      alert.ruleId === ruleId && alert.stage === 'shadow' && alert.kind !== 'rule_error' && created.has(alert.alertId),
  );
  const last = errors.at(-1);
  return {
    ...trial,
    evaluated: trial.evaluated + evaluated,
    matches: trial.matches + matches.filter(isOwn).length,
    errors: trial.errors + errors.length,
    ...(last ? { lastError: `${last.functionName}: ${last.message}`.slice(0, 300) } : {}),
    alertsByDay: alerts.length > 0 ? withAlerts(trial, trialDay(trial, nowMs), alerts.length) : trial.alertsByDay,
  };
}

function withAlerts({ alertsByDay }: Trial, day: number, count: number): readonly number[] {
  const days = Array.from({ length: Math.max(alertsByDay.length, day + 1) }, (_, index) => alertsByDay[index] ?? 0);
  days[day] = (days[day] ?? 0) + count;
  return days;
}
