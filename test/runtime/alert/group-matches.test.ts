import { describe, expect, test } from 'vitest';
import { stableId } from '../../../framework/model/stable-id.ts';
import { expiredWindowKeys, groupMatches, windowAlertIds, windowKeys } from '../../../framework/runtime/alert/index.ts';
import {
  buildDetection,
  buildMatch,
  dayMs,
  hourMs,
  minuteMs,
  routing,
  startGrouping,
  tenMs,
} from './build-alert-input.ts';

describe('windows', () => {
  test('matches of one key within the period are one alert, the next hour is another', () => {
    const { group } = startGrouping();
    const first = group([buildMatch('a', tenMs)]);
    const second = group([buildMatch('b', tenMs + 59 * minuteMs), buildMatch('c', tenMs + 60 * minuteMs)]);
    expect(first.alerts).toHaveLength(1);
    expect(second.alerts.map(({ alertId, matchCount }) => [alertId === first.alerts[0]?.alertId, matchCount])).toEqual([
      [true, 2],
      [false, 1],
    ]);
    expect(second.raised).toHaveLength(1);
  });

  test('the alert id is the hash of first id, stage, dedup key and window start', () => {
    const { group } = startGrouping(buildDetection({ firstId: 'okta/old-name' }));
    const outcome = group([buildMatch('a', tenMs, { ruleFirstId: 'okta/old-name' })]);
    expect(outcome.alerts[0]?.alertId).toBe(
      stableId('okta/old-name', 'live', 'bart@example.com', '2026-03-02T10:00:00.000Z'),
    );
  });

  test('different keys are different alerts', () => {
    const { group } = startGrouping();
    const outcome = group([buildMatch('a', tenMs), buildMatch('b', tenMs, { dedup: 'carla@example.com' })]);
    expect(outcome.alerts.map((alert) => alert.dedup)).toEqual(['bart@example.com', 'carla@example.com']);
  });

  test('a batch in reverse order makes the same alerts as one in order', () => {
    const matches = Array.from({ length: 10 }, (_, index) => buildMatch(`m${index}`, tenMs + index * 5 * minuteMs));
    const inOrder = startGrouping().group(matches);
    expect(startGrouping().group([...matches].reverse())).toEqual(inOrder);
    expect(inOrder.alerts).toHaveLength(1);
  });

  test('a late event joins the window that covers it', () => {
    const { group } = startGrouping();
    group([buildMatch('a', tenMs)]);
    group([buildMatch('b', tenMs + 5 * hourMs)], { nowMs: tenMs + 5 * hourMs });
    const late = group([buildMatch('c', tenMs + minuteMs)], { nowMs: tenMs + 6 * hourMs });
    expect(late.raised).toEqual([]);
    expect(late.alerts).toMatchObject([{ matchCount: 2, firstEventTimeMs: tenMs, lastEventTimeMs: tenMs + minuteMs }]);
  });

  test('a late event that no window covers opens its own, and where two overlap the later one goes on', () => {
    const { group } = startGrouping();
    const first = group([buildMatch('a', tenMs)]);
    const late = group([buildMatch('b', tenMs - 30 * minuteMs)]);
    expect(late.raised).toHaveLength(1);
    const between = group([buildMatch('c', tenMs + 10 * minuteMs)]);
    expect(between.alerts).toMatchObject([{ alertId: first.alerts[0]?.alertId, matchCount: 2 }]);
  });

  test('a month of history loaded at once groups as it did when it was live', () => {
    const { group } = startGrouping();
    const history = Array.from({ length: 30 }, (_, index) => buildMatch(`m${index}`, tenMs - index * dayMs));
    const outcomes = history.map((match) =>
      group([match, { ...match, matchId: `${match.matchId}-2`, eventTimeMs: match.eventTimeMs + 1 }]),
    );
    expect(outcomes.flatMap((outcome) => outcome.raised)).toHaveLength(30);
    expect(group([buildMatch('again', tenMs - 29 * dayMs + minuteMs)]).raised).toEqual([]);
  });

  test('a window is forgotten a day and its length after its last match', () => {
    const { group, windows } = startGrouping();
    group([buildMatch('a', tenMs)], { nowMs: tenMs });
    const entries = [...windows].map(([key, value]) => ({ key, value }));
    expect(expiredWindowKeys(entries, tenMs + hourMs + dayMs)).toEqual([]);
    expect(expiredWindowKeys(entries, tenMs + hourMs + dayMs + 1)).toEqual([...windows.keys()]);
    group([buildMatch('b', tenMs + 3 * dayMs)], { nowMs: tenMs + 3 * dayMs });
    expect([...windows.values()].map((state) => state.windows.map((window) => window.startMs))).toEqual([
      [tenMs + 3 * dayMs],
    ]);
  });

  test('no key holds more than 64 windows', () => {
    const { group, windows } = startGrouping();
    for (let index = 0; index < 70; index++)
      group([buildMatch(`m${index}`, tenMs + index * hourMs)], { nowMs: tenMs + index });
    const [state] = windows.values();
    expect(state?.windows).toHaveLength(64);
    expect(state?.windows[0]?.startMs).toBe(tenMs + 6 * hourMs);
  });

  test('a match given twice counts once', () => {
    const outcome = startGrouping().group([buildMatch('a', tenMs), buildMatch('a', tenMs)]);
    expect(outcome.alerts).toMatchObject([{ matchCount: 1 }]);
    expect(outcome.links).toHaveLength(1);
  });
});

describe('the first match', () => {
  test('its title, level, context and destinations stick; count, time and summaries move on', () => {
    const { group } = startGrouping();
    group([buildMatch('a', tenMs)]);
    const outcome = group([
      buildMatch('b', tenMs + minuteMs, {
        level: 'critical',
        destinations: [],
        context: { member: 'bart@example.com', roles: ['admin', 'admin', 'ops'], tries: 3, gone: null },
        indicators: { p_any_ip_addresses: ['203.0.113.9', '198.51.100.7'] },
      }),
    ]);
    expect(outcome.alerts[0]).toMatchObject({
      title: 'title of a',
      level: 'high',
      context: { member: 'bart@example.com' },
      destinations: ['slack', 'soc'],
      matchCount: 2,
      lastEventTimeMs: tenMs + minuteMs,
      tags: ['attack.t1556'],
      owners: ['@identity'],
      notifications: 1,
    });
    expect(outcome.alerts[0]?.summaries).toEqual({
      member: { distinct: 1, top: [{ value: 'bart@example.com', count: 2 }] },
      roles: {
        distinct: 2,
        top: [
          { value: 'admin', count: 1 },
          { value: 'ops', count: 1 },
        ],
      },
      tries: { distinct: 1, top: [{ value: '3', count: 1 }] },
      p_any_ip_addresses: {
        distinct: 2,
        top: [
          { value: '198.51.100.7', count: 2 },
          { value: '203.0.113.9', count: 1 },
        ],
      },
    });
  });

  test('a closed alert stays closed while matches come in', () => {
    const { group, windows } = startGrouping();
    const [alert] = group([buildMatch('a', tenMs)]).alerts;
    if (!alert) throw new Error('no alert');
    expect(windowAlertIds(windows)).toEqual([alert.alertId]);
    const alerts = new Map([[alert.alertId, { ...alert, status: 'closed' as const, disposition: 'benign' }]]);
    expect(group([buildMatch('b', tenMs)], { alerts }).alerts).toMatchObject([
      { status: 'closed', disposition: 'benign', matchCount: 2 },
    ]);
  });

  test('a thousand values per field are tracked, more are marked', () => {
    const { group } = startGrouping();
    const matches = Array.from({ length: 1_001 }, (_, index) =>
      buildMatch(`m${index}`, tenMs + index, { context: { n: index } }),
    );
    expect(group(matches).alerts[0]?.summaries.n).toMatchObject({ distinct: 1_000, capped: true });
    expect(group([buildMatch('x', tenMs, { context: { n: 5 } })]).alerts[0]?.summaries.n?.top[0]).toEqual({
      value: '5',
      count: 2,
    });
  });
});

describe('notifications', () => {
  test('an alert is notified once, with at most five matches as evidence', () => {
    const { group } = startGrouping();
    const matches = Array.from({ length: 7 }, (_, index) =>
      buildMatch(`m${index}`, tenMs + index, { context: { n: index } }),
    );
    const outcome = group(matches);
    expect(outcome.notifications).toHaveLength(1);
    expect(outcome.notifications[0]).toMatchObject({ reason: 'created', alert: { matchCount: 7 } });
    expect(outcome.notifications[0]?.evidence.map(({ context }) => context.n)).toEqual([0, 1, 2, 3, 4]);
    expect(outcome.notifications[0]?.notificationId).toBe(stableId(outcome.alerts[0]?.alertId ?? '', '1'));
    expect(group([buildMatch('later', tenMs + 10)]).notifications).toEqual([]);
  });

  test.each([
    ['absent: by level, to all that take it', undefined, 'high', ['slack', 'soc'], 1],
    ['absent, and no destination takes the level: nowhere', undefined, 'low', [], 0],
    ['empty: recorded, delivered nowhere', [], 'high', [], 0],
    ['named: those', ['archive', 'archive'], 'high', ['archive'], 1],
  ] as const)('destinations %s', (_, destinations, level, expected, count) => {
    const outcome = startGrouping().group([buildMatch('a', tenMs, { destinations, level })]);
    expect(outcome.alerts).toMatchObject([{ destinations: expected, notifications: count }]);
    expect(outcome.notifications).toHaveLength(count);
    expect(outcome.raised).toHaveLength(1);
    expect(outcome.errors).toEqual([]);
  });

  test.each([
    ['goes to the default instead', routing, ['soc', 'archive']],
    ['goes by level where there is no default', { destinations: routing.destinations }, ['soc', 'slack']],
  ])('an unknown destination %s, is recorded, and somebody hears of it', (_, used, expected) => {
    const match = buildMatch('a', tenMs, { destinations: ['soc', 'sack'] });
    const outcome = startGrouping().group([match], { routing: used });
    expect(outcome.alerts[0]?.destinations).toEqual(expected);
    expect(outcome.errors).toMatchObject([
      { functionName: 'destinations', errorClass: 'UnknownDestination', message: expect.stringContaining("'sack'") },
    ]);
    expect(outcome.alerts[1]).toMatchObject({ kind: 'rule_error', destinations: ['soc'] });
    expect(windowKeys([match], [])).toEqual([...outcome.windows.keys()]);
  });

  test('shadow alerts are recorded and delivered nowhere', () => {
    const outcome = startGrouping(buildDetection({ mode: 'shadow' })).group([
      buildMatch('a', tenMs, { stage: 'shadow', destinations: ['soc'] }),
    ]);
    expect(outcome.alerts).toMatchObject([{ stage: 'shadow', destinations: [], notifications: 0 }]);
    expect(outcome.notifications).toEqual([]);
  });

  test('alert: false makes no windows', () => {
    const outcome = startGrouping(buildDetection({ alert: false })).group([buildMatch('a', tenMs)]);
    expect(outcome).toEqual({ windows: new Map(), alerts: [], links: [], notifications: [], raised: [], errors: [] });
  });
});

describe('threshold', () => {
  test('the alert comes with the match that reaches it, and earlier matches of its window are linked then', () => {
    const { group } = startGrouping(buildDetection({ threshold: 3 }));
    const early = group([buildMatch('a', tenMs), buildMatch('b', tenMs + 1)]);
    expect([early.alerts, early.links]).toEqual([[], []]);
    const outcome = group([buildMatch('c', tenMs + 2), buildMatch('d', tenMs + 3)]);
    expect(outcome.alerts).toMatchObject([{ title: 'title of a', matchCount: 4, firstEventTimeMs: tenMs }]);
    expect(outcome.links.map((link) => link.matchId)).toEqual(['a', 'b', 'c', 'd']);
    expect(outcome.notifications[0]?.evidence).toHaveLength(4);
    expect(group([buildMatch('e', tenMs + 4)]).links).toMatchObject([{ matchId: 'e' }]);
  });

  test.each([1, 3, 12_000])('a call of 15,000 matches links every one of them, with a threshold of %i', (threshold) => {
    const { group } = startGrouping(buildDetection({ threshold }));
    const matches = Array.from({ length: 15_000 }, (_, index) => buildMatch(`m${index}`, tenMs + index));
    const outcome = group(matches);
    expect(outcome.alerts).toMatchObject([{ matchCount: 15_000 }]);
    expect(new Set(outcome.links.map((link) => link.matchId)).size).toBe(15_000);
    expect(group(matches.map((match) => ({ ...match, matchId: `${match.matchId}-2` }))).links).toHaveLength(15_000);
  });

  test('of the matches that wait for their alert the first 10,000 are linked later', () => {
    const { group } = startGrouping(buildDetection({ threshold: 15_001 }));
    group(Array.from({ length: 15_000 }, (_, index) => buildMatch(`m${index}`, tenMs + index)));
    const outcome = group([buildMatch('last', tenMs + minuteMs)]);
    expect(outcome.alerts).toMatchObject([{ matchCount: 15_001 }]);
    expect(outcome.links).toHaveLength(10_001);
    expect(outcome.links.at(-1)?.matchId).toBe('last');
  });

  test('matches of different windows are not added up', () => {
    const { group } = startGrouping(buildDetection({ threshold: 2 }));
    expect(group([buildMatch('a', tenMs), buildMatch('b', tenMs + 2 * hourMs)]).alerts).toEqual([]);
  });

  test.each([
    ['unique in YAML', buildDetection({ threshold: 2, unique: 'actor' })],
    ['unique in TypeScript', buildDetection({ threshold: 2, functions: ['unique'] })],
  ])('%s counts distinct values', (_, detection) => {
    const { group } = startGrouping(detection);
    expect(
      group([buildMatch('a', tenMs, { unique: 'x' }), buildMatch('b', tenMs, { unique: 'x' }), buildMatch('c', tenMs)])
        .alerts,
    ).toEqual([]);
    expect(group([buildMatch('d', tenMs, { unique: 'y' })]).alerts).toMatchObject([{ matchCount: 4 }]);
  });
});

test('a match of a detection that is not in force is refused', () => {
  const input = {
    matches: [buildMatch('a', tenMs)],
    errors: [],
    detections: new Map(),
    routing,
    windows: new Map(),
    nowMs: tenMs,
  };
  expect(() => groupMatches(input)).toThrow(expect.objectContaining({ code: 'ALERT_DETECTION_UNKNOWN' }));
});
