import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../framework/model/alert.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import {
  advanceFiring,
  type FiringState,
  firingAlertIds,
  firingKey,
  liveFiringKeys,
  retireFiring,
} from '../../../framework/runtime/alert/index.ts';
import { buildDetection, buildMatch, dayMs, routing, tenMs } from './build-alert-input.ts';

const scheduled = buildDetection({ source: { kind: 'query', query: 'okta/adds' } });
const key = firingKey('okta/test', 'live');

function fire(firing: FiringState | undefined, atMs: number) {
  const matches = ['bart@example.com', 'carla@example.com'].map((dedup) =>
    buildMatch(`${dedup}-${atMs}`, atMs, { dedup }),
  );
  return advanceFiring({
    ...{ detection: scheduled, matches, complete: true, scheduledAtMs: atMs, routing, firing, nowMs: atMs },
  });
}

describe('live keys', () => {
  test.each<[string, Partial<Detection>, readonly string[]]>([
    ['a detection that is on', {}, ['okta/test/live']],
    ['an experiment in the shadow', { mode: 'shadow' }, ['okta/test/shadow']],
    ['one that was renamed', { id: 'okta/new', aliases: ['okta/test'] }, ['okta/test/live']],
    ['one that is off', { mode: 'off' }, []],
    ['one that does not alert', { alert: false }, []],
    ['one whose query is gone', { source: { kind: 'query', query: 'okta/gone' } }, []],
    ['one that reads events', { source: { kind: 'events', logTypes: ['Okta.SystemLog'] } }, []],
  ])('%s', (_, overrides, expected) => {
    const bundle = { detections: [{ ...scheduled, ...overrides }], queries: [{ id: 'okta/adds' }] };
    expect([...liveFiringKeys(bundle)]).toEqual(expected);
  });
});

describe('retiring', () => {
  test('what fires of a detection that is gone is resolved, and fires as a new alert when it is back', () => {
    const before = fire(undefined, tenMs);
    const value = before.firing as FiringState;
    const retired = retireFiring({ entries: [{ key, value }], live: new Set(), alerts: new Map(), nowMs: tenMs + 1 });
    expect(retired.keys).toEqual([key]);
    expect(retired.alerts.map(({ alertId, status, updatedAtMs }) => [alertId, status, updatedAtMs])).toEqual(
      firingAlertIds(value).map((alertId) => [alertId, 'resolved', tenMs + 1]),
    );
    expect(fire(undefined, tenMs + dayMs).raised).toMatchObject([{ reason: 'created' }, { reason: 'created' }]);
  });

  test('a live detection stays as it is, and a closed alert closed', () => {
    const value = fire(undefined, tenMs).firing as FiringState;
    const [first] = value.keys;
    const closed: Alert = { ...(first?.alert as Alert), status: 'closed' };
    const retired = retireFiring({
      entries: [
        { key, value },
        { key: 'okta/gone/live', value },
      ],
      live: new Set([key]),
      alerts: new Map([[closed.alertId, closed]]),
      nowMs: tenMs + 1,
    });
    expect(retired.keys).toEqual(['okta/gone/live']);
    expect(retired.alerts).toMatchObject([{ dedup: 'carla@example.com', status: 'resolved' }]);
  });
});
