import { type PlanFinding, type PolicySettings, policySeverities } from '../../model/plan.ts';
import { policies } from './policies/index.ts';
import type { PolicyContext } from './policies/policy.ts';

/**
 * What the policies find, those with an error first, each as severe as the team says. One that a waiver names is
 * still there, with its reason, until the end of the waiver's last day in UTC.
 */
export function judgePlan(context: PolicyContext, settings: PolicySettings, nowMs: number): readonly PlanFinding[] {
  const findings = policies.flatMap((policy): readonly PlanFinding[] => {
    const { code, breaking } = policy;
    const severity = settings.severities[code] ?? policy.severity;
    if (severity === 'off') return [];
    return policy.check(context).map(({ item, message, hint }) => {
      const waiver = settings.waivers.find(
        (it) => it.policy === code && it.item === item.id && nowMs < endOfDay(it.until),
      );
      const { kind, id, where } = item;
      return {
        policy: code,
        severity,
        breaking,
        kind,
        id,
        message,
        hint,
        ...(where ? { where } : {}),
        ...(waiver ? { waived: { reason: waiver.reason, until: waiver.until } } : {}),
      };
    });
  });
  return findings.sort((a, b) => rank(a) - rank(b));
}

/** Whether findings stand in the way of a publish. */
export function isBlocked(findings: readonly PlanFinding[]): boolean {
  return findings.some(({ severity, waived }) => severity === 'error' && !waived);
}

function rank({ severity, waived }: PlanFinding): number {
  return waived ? policySeverities.length : policySeverities.indexOf(severity);
}

function endOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) + 86_400_000;
}
