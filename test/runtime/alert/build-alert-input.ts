import type { Routing } from '../../../framework/model/destination.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import type { RuleError, RuleMatch } from '../../../framework/model/rule-match.ts';
import { type AlertOutcome, groupMatches, type WindowState } from '../../../framework/runtime/alert/index.ts';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** Ten o'clock of the day that the tests play on. */
export const tenMs = Date.parse('2026-03-02T10:00:00.000Z');

export const routing: Routing = {
  destinations: [
    { name: 'slack', type: 'slack', levels: ['high', 'critical'], settings: {} },
    { name: 'soc', type: 'webhook', levels: ['medium', 'high'], settings: {} },
    { name: 'archive', type: 'file', levels: [], settings: {} },
  ],
  defaultDestination: 'archive',
};

export function buildDetection(overrides: Partial<Detection> = {}): Detection {
  return {
    id: 'okta/test',
    firstId: 'okta/test',
    aliases: [],
    title: 'Test',
    description: '',
    level: 'high',
    mode: 'live',
    tags: ['attack.t1556'],
    references: [],
    falsePositives: [],
    owners: ['@identity'],
    runbook: '',
    source: { kind: 'events', logTypes: ['Okta.SystemLog'] },
    functions: [],
    dedup: { by: ['actor'], periodMs: hourMs },
    threshold: 1,
    context: {},
    alert: true,
    renotify: [],
    tests: [],
    version: 'v1',
    where: { file: 'detections/okta/test.yml', line: 1, col: 1 },
    ...overrides,
  };
}

export function buildMatch(matchId: string, eventTimeMs: number, overrides: Partial<RuleMatch> = {}): RuleMatch {
  return {
    matchId,
    ruleId: 'okta/test',
    ruleFirstId: 'okta/test',
    ruleVersion: 'v1',
    stage: 'live',
    rowId: `row-${matchId}`,
    logType: 'Okta.SystemLog',
    eventTimeMs,
    title: `title of ${matchId}`,
    level: 'high',
    dedup: 'bart@example.com',
    description: 'What it is.',
    runbook: '1. Look.',
    references: [],
    context: { member: 'bart@example.com' },
    indicators: { p_any_ip_addresses: ['198.51.100.7'] },
    event: {},
    ...overrides,
  };
}

export function buildError(rowId: string, overrides: Partial<RuleError> = {}): RuleError {
  return {
    errorId: `error-${rowId}`,
    ruleId: 'okta/test',
    ruleFirstId: 'okta/test',
    ruleVersion: 'v1',
    stage: 'live',
    functionName: 'rule',
    errorClass: 'TypeError',
    message: 'x is undefined',
    rowId,
    logType: 'Okta.SystemLog',
    eventTimeMs: tenMs,
    ...overrides,
  };
}

/** A chain of `groupMatches` calls whose windows are carried on, through JSON as a store does. */
export function startGrouping(detection: Detection = buildDetection()) {
  const windows = new Map<string, WindowState>();
  return {
    windows,
    group: (
      matches: readonly RuleMatch[],
      options: {
        errors?: readonly RuleError[];
        nowMs?: number;
        alerts?: Parameters<typeof groupMatches>[0]['alerts'];
        routing?: Routing;
      } = {},
    ): AlertOutcome => {
      const outcome = groupMatches({
        matches,
        errors: options.errors ?? [],
        detections: new Map([[detection.id, detection]]),
        routing: options.routing ?? routing,
        windows,
        alerts: options.alerts,
        nowMs: options.nowMs ?? tenMs + minuteMs,
      });
      for (const [key, value] of outcome.windows) windows.set(key, JSON.parse(JSON.stringify(value)));
      return outcome;
    },
  };
}
