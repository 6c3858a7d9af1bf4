import type { Alert } from '../../model/alert.ts';
import type { Routing } from '../../model/destination.ts';
import type { Detection } from '../../model/detection.ts';
import type { Level } from '../../model/level.ts';
import { resolveDestinations } from '../../model/resolve-destinations.ts';
import { ruleErrorId } from '../../model/rule-error-id.ts';
import type { RuleError, RuleMatch, Stage } from '../../model/rule-match.ts';

/** What sticks to an alert from its first match: what the alert says once it exists. */
export interface Candidate {
  readonly kind: Alert['kind'];
  readonly ruleId: string;
  readonly ruleFirstId: string;
  readonly ruleVersion: string;
  readonly stage: Stage;
  readonly title: string;
  readonly level: Level;
  readonly dedup: string;
  readonly description: string;
  readonly runbook: string;
  readonly references: readonly string[];
  readonly destinations?: readonly string[] | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  /** The match or error that it comes from, for the error row of an unknown destination. */
  readonly origin: { readonly rowId: string; readonly logType: string; readonly eventTimeMs: number };
}

/** What changes in an alert as matches come in. */
export type AlertProgress = Pick<
  Alert,
  'firstEventTimeMs' | 'lastEventTimeMs' | 'matchCount' | 'summaries' | 'updatedAtMs'
>;

/** The candidate that a match makes. */
export function matchCandidate(match: RuleMatch, kind: 'match' | 'scheduled'): Candidate {
  const { ruleId, ruleFirstId, ruleVersion, stage, title, level, dedup, description, runbook, references } = match;
  const { rowId, logType, eventTimeMs, context } = match;
  return {
    ...{ kind, ruleId, ruleFirstId, ruleVersion, stage, title, level, dedup, description, runbook, references },
    ...(match.destinations ? { destinations: match.destinations } : {}),
    context,
    origin: { rowId, logType, eventTimeMs },
  };
}

/** An alert that has just come to be, and an error for every destination that it names in vain. */
export function raiseAlert(
  alertId: string,
  candidate: Candidate,
  progress: AlertProgress,
  detection: Detection | undefined,
  routing: Routing,
): { readonly alert: Alert; readonly errors: readonly RuleError[] } {
  const { kind, ruleId, stage, title, level, dedup, description, runbook, references, context } = candidate;
  const { names, unknown } = resolveDestinations(candidate.destinations, level, routing);
  // Shadow alerts are recorded like any other, and nobody hears of them.
  const destinations = stage === 'shadow' ? [] : names;
  const alert: Alert = {
    ...{ alertId, ruleId, kind, stage, title, level, dedup, status: 'open' },
    createdAtMs: progress.updatedAtMs,
    ...progress,
    ...{ destinations, context, description, runbook, references },
    tags: detection?.tags ?? [],
    owners: detection?.owners ?? [],
    notifications: destinations.length > 0 ? 1 : 0,
  };
  return { alert, errors: unknown.length > 0 ? [unknownDestination(candidate, unknown)] : [] };
}

function unknownDestination(candidate: Candidate, names: readonly string[]): RuleError {
  const { ruleId, ruleFirstId, ruleVersion, stage, origin } = candidate;
  const { rowId } = origin;
  const key = { ruleFirstId, stage, functionName: 'destinations', rowId, errorClass: 'UnknownDestination' };
  const quoted = names.map((name) => `'${name}'`).join(', ');
  return {
    ...{ ...key, errorId: ruleErrorId(key), ruleId, ruleVersion },
    message: `Unknown destination ${quoted}; delivered by the default or by level instead.`,
    ...origin,
  };
}
