import type { Alert } from '../../../framework/model/alert.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import type { RuleMatch } from '../../../framework/model/rule-match.ts';
import {
  type AdvanceFiringInput,
  type AlertOutcome,
  advanceFiring,
  type FiringState,
} from '../../../framework/runtime/alert/index.ts';
import { buildDetection, buildMatch, dayMs, routing, tenMs } from './build-alert-input.ts';

export const scheduled = { source: { kind: 'query' as const, query: 'okta/adds' }, renotify: ['adds'] };

/** Runs a day apart; each is the rows it returned, or these with how the run went. */
export function startRuns(detection: Detection = buildDetection(scheduled)) {
  let firing: FiringState | undefined;
  let alerts = new Map<string, Alert>();
  return {
    run: (
      day: number,
      rows: readonly RuleMatch[],
      {
        complete = true,
        used = detection,
        ...rest
      }: Partial<Pick<AdvanceFiringInput, 'complete' | 'trigger' | 'staleBeforeMs'>> & { used?: Detection } = {},
    ): AlertOutcome => {
      const scheduledAtMs = tenMs + day * dayMs;
      const outcome = advanceFiring({
        detection: used,
        matches: rows,
        complete,
        ...rest,
        scheduledAtMs,
        routing,
        firing,
        alerts,
        nowMs: scheduledAtMs + 5,
      });
      firing = outcome.firing && JSON.parse(JSON.stringify(outcome.firing));
      for (const alert of outcome.alerts) alerts.set(alert.alertId, alert);
      return outcome;
    },
    close: () => {
      alerts = new Map([...alerts].map(([id, alert]) => [id, { ...alert, status: 'closed', disposition: 'benign' }]));
    },
    reopen: () => {
      alerts = new Map([...alerts].map(([id, { disposition: _, ...alert }]) => [id, { ...alert, status: 'open' }]));
    },
    firing: () => firing,
  };
}

export function row(day: number, adds: unknown, dedup = 'bart@example.com', part = 0): RuleMatch {
  return buildMatch(`${dedup}-${day}-${part}`, tenMs + day * dayMs, {
    dedup,
    context: { adds },
    event: { member: dedup, adds },
  });
}
