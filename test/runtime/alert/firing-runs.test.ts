import { describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, tenMs } from './build-alert-input.ts';
import { row, startRuns } from './start-firing-runs.ts';

describe('a run that is not complete', () => {
  test.each(['schedule', 'manual'] as const)('loses and resolves nothing, whatever it returns (%s)', (trigger) => {
    const { run, firing } = startRuns();
    run(0, [row(0, 3), row(0, 3, 'carla@example.com')]);
    const before = firing();
    const failed = run(1, [], { complete: false, trigger });
    expect(failed).toMatchObject({ alerts: [], notifications: [], links: [] });
    expect(firing()?.keys).toEqual(before?.keys);
    const truncated = run(2, [row(2, 3)], { complete: false, trigger });
    expect(truncated.alerts).toMatchObject([{ dedup: 'bart@example.com', status: 'open', matchCount: 2 }]);
    expect(firing()?.keys[1]).toEqual(before?.keys[1]);
    const back = run(3, [row(3, 3), row(3, 3, 'carla@example.com')]);
    expect(back.raised).toEqual([]);
    expect(back.alerts).toMatchObject([{ matchCount: 3 }, { matchCount: 2 }]);
  });

  test('leaves a stale key that it does not return', () => {
    const { run, firing } = startRuns();
    run(0, [row(0, 3)]);
    expect(run(9, [], { complete: false, staleBeforeMs: tenMs + 7 * dayMs }).alerts).toEqual([]);
    expect(firing()?.keys).toHaveLength(1);
  });
});

describe('a stale key', () => {
  const staleBeforeMs = tenMs + 5 * dayMs;

  test('is a new alert when it is returned, and the old one is resolved', () => {
    const { run, firing } = startRuns();
    const [old] = run(0, [row(0, 3)]).alerts;
    const outcome = run(9, [row(9, 3)], { staleBeforeMs });
    expect(outcome.alerts).toMatchObject([
      { alertId: old?.alertId, status: 'resolved', updatedAtMs: tenMs + 9 * dayMs + 5 },
      { status: 'open', matchCount: 1 },
    ]);
    expect(outcome.raised).toEqual([{ alertId: outcome.alerts[1]?.alertId, reason: 'created' }]);
    expect(outcome.notifications).toHaveLength(1);
    expect(firing()?.keys).toMatchObject([{ alert: { alertId: outcome.alerts[1]?.alertId }, lastRunRows: 1 }]);
  });

  test('goes on as one alert when it was returned at that very time', () => {
    const { run } = startRuns();
    run(5, [row(5, 3)]);
    expect(run(9, [row(9, 3)], { staleBeforeMs }).raised).toEqual([]);
  });

  test('whose alert was closed leaves it closed', () => {
    const { run, close } = startRuns();
    run(0, [row(0, 3)]);
    close();
    expect(run(9, [row(9, 3)], { staleBeforeMs }).alerts).toMatchObject([{ status: 'open', matchCount: 1 }]);
  });

  test('resolves when a complete run does not return it', () => {
    const { run } = startRuns();
    run(0, [row(0, 3)]);
    expect(run(9, [], { staleBeforeMs }).alerts).toMatchObject([{ status: 'resolved' }]);
  });
});

describe('a run by hand', () => {
  const hour = hourMs / dayMs;
  const fiveMinutes = (5 * minuteMs) / dayMs;
  const byHand = { trigger: 'manual' as const };

  test('leaves the scheduled run before it its alerts: 06:05 by hand, 06:00 of the schedule at 06:15', () => {
    const { run } = startRuns();
    run(0, []);
    expect(run(hour + fiveMinutes, [], byHand).alerts).toEqual([]);
    const scheduledRun = run(hour, [row(hour, 3)]);
    expect(scheduledRun.raised).toMatchObject([{ reason: 'created' }]);
    expect(scheduledRun.notifications).toHaveLength(1);
  });

  test('opens a key, which then fires for the schedule: one alert, notified once', () => {
    const { run, firing } = startRuns();
    const opened = run(hour + fiveMinutes, [row(hour + fiveMinutes, 3)], byHand);
    expect(opened.raised).toMatchObject([{ reason: 'created' }]);
    expect(firing()).not.toHaveProperty('lastScheduledAtMs');
    const before = run(hour, [row(hour, 3)]);
    expect(before).toMatchObject({ raised: [], alerts: [{ alertId: opened.alerts[0]?.alertId, matchCount: 2 }] });
    expect(run(hour + fiveMinutes, [row(hour + fiveMinutes, 3)], byHand).alerts).toMatchObject([{ matchCount: 2 }]);
    expect(run(2 * hour, [row(2 * hour, 3)])).toMatchObject({ raised: [], alerts: [{ matchCount: 3 }] });
  });

  test('opens a key that only a scheduled run with a newer clock resolves', () => {
    const { run, firing } = startRuns();
    const [alert] = run(hour + fiveMinutes, [row(hour + fiveMinutes, 3)], byHand).alerts;
    expect(run(hour, []).alerts).toEqual([]);
    expect(firing()?.lastScheduledAtMs).toBe(tenMs + hourMs);
    expect(run(2 * hour, []).alerts).toMatchObject([{ alertId: alert?.alertId, status: 'resolved' }]);
  });

  test('resolves nothing, and notifies again when a renotify column increases', () => {
    const { run } = startRuns();
    run(0, [row(0, 3)]);
    expect(run(hour, [], byHand).alerts).toEqual([]);
    expect(run(2 * hour, [row(2 * hour, 4)], byHand).raised).toMatchObject([{ reason: 'renotified' }]);
    expect(run(3 * hour, [row(3 * hour, 4)]).raised).toEqual([]);
  });

  test('with a clock before the last scheduled run is history', () => {
    const { run } = startRuns();
    run(1, []);
    expect(run(0, [row(0, 3)], byHand)).toMatchObject({ alerts: [], raised: [] });
  });
});
