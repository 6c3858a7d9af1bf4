import { describe, expect, test } from 'vitest';
import { stableId } from '../../../framework/model/stable-id.ts';
import { firingAlertIds, firingKey } from '../../../framework/runtime/alert/index.ts';
import { buildDetection, dayMs, tenMs } from './build-alert-input.ts';
import { row, scheduled, startRuns } from './start-firing-runs.ts';

describe('edges', () => {
  test('a key that fires in successive runs is one alert, notified once', () => {
    const { run, firing } = startRuns();
    const first = run(0, [row(0, 3)]);
    const [alert] = first.alerts;
    expect(alert).toMatchObject({ kind: 'scheduled', matchCount: 1, status: 'open', notifications: 1 });
    expect(alert?.alertId).toBe(stableId('okta/test', 'live', 'bart@example.com', new Date(tenMs).toISOString()));
    expect(first.notifications).toMatchObject([{ reason: 'created', evidence: [{ context: { adds: 3 } }] }]);
    const second = run(1, [row(1, 3)]);
    expect(second.alerts).toMatchObject([
      { alertId: alert?.alertId, matchCount: 2, lastEventTimeMs: tenMs + dayMs, notifications: 1 },
    ]);
    expect([second.notifications, second.raised]).toEqual([[], []]);
    expect(second.links).toEqual([{ matchId: 'bart@example.com-1-0', alertId: alert?.alertId }]);
    expect(firingAlertIds(firing())).toEqual([alert?.alertId]);
    expect(firingKey('okta/test', 'live')).toBe('okta/test/live');
  });

  test('it resolves when a complete run no longer returns it, and then fires as a new alert', () => {
    const { run, firing } = startRuns();
    const [first] = run(0, [row(0, 3)]).alerts;
    expect(run(1, []).alerts).toMatchObject([{ alertId: first?.alertId, status: 'resolved' }]);
    expect(firing()?.keys).toEqual([]);
    expect(run(2, []).alerts).toEqual([]);
    const again = run(3, [row(3, 3)]);
    expect(again.raised).toEqual([{ alertId: again.alerts[0]?.alertId, reason: 'created' }]);
    expect(again.alerts[0]?.alertId).not.toBe(first?.alertId);
  });

  test('a failed or truncated run resolves nothing, and still raises what it returns', () => {
    const { run } = startRuns();
    run(0, [row(0, 3)]);
    const truncated = run(1, [row(1, 9, 'carla@example.com')], { complete: false });
    expect(truncated.alerts).toMatchObject([{ dedup: 'carla@example.com', status: 'open' }]);
    expect(run(2, [row(2, 3)]).raised).toEqual([]);
  });

  test('a run with an older clock is history, one with the same clock a repetition', () => {
    const { run, firing } = startRuns();
    run(1, [row(1, 3)]);
    const before = firing();
    expect(run(0, [row(0, 3, 'carla@example.com')])).toMatchObject({
      alerts: [],
      links: [],
      raised: [],
      firing: before,
    });
    const repeated = run(1, [row(1, 3)]);
    expect(repeated.alerts).toMatchObject([{ matchCount: 1, notifications: 1 }]);
    expect(run(1, [row(1, 3), row(1, 3, 'bart@example.com', 1)]).alerts).toMatchObject([{ matchCount: 2 }]);
  });
});

describe('renotify', () => {
  test('an increase over the last notified value notifies again, in the same alert', () => {
    const { run } = startRuns();
    run(0, [row(0, 3)]);
    const fourth = run(1, [row(1, 4)]);
    expect(fourth.raised).toMatchObject([{ reason: 'renotified' }]);
    expect(fourth.notifications).toMatchObject([
      {
        reason: 'renotified',
        alert: { notifications: 2, title: 'title of bart@example.com-0-0' },
        evidence: [{ context: { adds: 4 } }],
      },
    ]);
    expect(run(2, [row(2, 3)]).raised).toEqual([]);
    expect(run(3, [row(3, 4)]).raised).toEqual([]);
    expect(run(4, [row(4, 5)]).notifications).toMatchObject([{ alert: { notifications: 3 } }]);
  });

  test.each([
    ['a later timestamp', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', true],
    ['an earlier timestamp', '2026-03-02T00:00:00.000Z', '2026-03-01T00:00:00.000Z', false],
    ['a number that grows past nine', 9, 10, true],
    ['a value where there was none', null, 1, true],
    ['a value that is lost', 1, null, false],
  ])('%s', (_, before, after, isNotified) => {
    const { run } = startRuns();
    run(0, [row(0, before)]);
    expect(run(1, [row(1, after)]).raised).toHaveLength(isNotified ? 1 : 0);
  });

  test('silent alerts are raised again without a notification', () => {
    const { run } = startRuns();
    run(0, [{ ...row(0, 3), destinations: [] }]);
    const outcome = run(1, [{ ...row(1, 4), destinations: [] }]);
    expect(outcome).toMatchObject({
      notifications: [],
      raised: [{ reason: 'renotified' }],
      alerts: [{ notifications: 0 }],
    });
  });

  test('without renotify columns nothing but a new edge notifies', () => {
    const { run } = startRuns(buildDetection({ ...scheduled, renotify: [] }));
    run(0, [row(0, 3)]);
    expect(run(1, [row(1, 99)]).raised).toEqual([]);
  });
});

describe('a closed alert', () => {
  test('stays closed and silent while the same evidence comes back', () => {
    const { run, close } = startRuns();
    run(0, [row(0, 3)]);
    close();
    expect(run(1, [row(1, 3)])).toMatchObject({
      raised: [],
      alerts: [{ status: 'closed', disposition: 'benign', matchCount: 2 }],
    });
    expect(run(2, []).alerts).toEqual([]);
  });

  test('that was opened again has no disposition any more', () => {
    const { run, close, reopen } = startRuns();
    run(0, [row(0, 3)]);
    close();
    run(1, [row(1, 3)]);
    reopen();
    const [alert] = run(2, [row(2, 3)]).alerts;
    expect(alert).toMatchObject({ status: 'open', matchCount: 3 });
    expect(alert).not.toHaveProperty('disposition');
  });

  test('is followed by a new alert on new evidence', () => {
    const { run, close } = startRuns();
    const [closed] = run(0, [row(0, 3)]).alerts;
    close();
    const outcome = run(1, [row(1, 4)]);
    expect(outcome.raised).toMatchObject([{ reason: 'created' }]);
    expect(outcome.alerts).toMatchObject([{ status: 'open', matchCount: 1 }]);
    expect(outcome.alerts[0]?.alertId).not.toBe(closed?.alertId);
  });

  test('without renotify columns re-arms once a complete run no longer returns the key', () => {
    const { run, close } = startRuns(buildDetection({ ...scheduled, renotify: [] }));
    run(0, [row(0, 3)]);
    close();
    expect(run(1, [row(1, 9)]).raised).toEqual([]);
    run(2, []);
    expect(run(3, [row(3, 3)]).raised).toHaveLength(1);
  });
});

describe('rows', () => {
  test('rows with one key are one alert; the greatest renotify value counts', () => {
    const { run } = startRuns();
    const first = run(0, [row(0, 5), row(0, 3, 'bart@example.com', 1), row(0, 5)]);
    expect(first.alerts).toMatchObject([{ matchCount: 2 }]);
    expect(first.links).toHaveLength(2);
    expect(run(1, [row(1, 4), row(1, 5, 'bart@example.com', 1)]).raised).toEqual([]);
  });

  test('the threshold counts rows of one run; runs are never added up', () => {
    const { run } = startRuns(buildDetection({ ...scheduled, threshold: 2 }));
    expect(run(0, [row(0, 3)]).alerts).toEqual([]);
    expect(run(1, [row(1, 3)]).alerts).toEqual([]);
    expect(run(2, [row(2, 3), row(2, 3, 'bart@example.com', 1)]).raised).toHaveLength(1);
    expect(run(3, [row(3, 3)]).alerts).toMatchObject([{ status: 'resolved' }]);
  });

  test('with unique the threshold counts distinct values', () => {
    const { run } = startRuns(buildDetection({ ...scheduled, threshold: 2, unique: 'ip' }));
    const rows = [0, 1].map((part) => ({ ...row(0, 3, 'bart@example.com', part), unique: 'same' }));
    expect(run(0, rows).alerts).toEqual([]);
    expect(
      run(
        1,
        rows.map((match, index) => ({ ...match, unique: `${index}` })),
      ).raised,
    ).toHaveLength(1);
  });

  test('alert: false fires nothing', () => {
    const { run } = startRuns(buildDetection({ ...scheduled, alert: false }));
    expect(run(0, [row(0, 3)])).toMatchObject({ alerts: [], links: [] });
  });

  test('a shadow detection fires silently, an unknown destination is an error', () => {
    const shadow = startRuns().run(0, [{ ...row(0, 3), stage: 'shadow' }]);
    expect(shadow).toMatchObject({ notifications: [], alerts: [{ stage: 'shadow', destinations: [] }] });
    const lost = startRuns().run(0, [{ ...row(0, 3), destinations: ['sack'] }]);
    expect(lost).toMatchObject({
      alerts: [{ destinations: ['archive'] }],
      errors: [{ errorClass: 'UnknownDestination' }],
    });
  });
});
