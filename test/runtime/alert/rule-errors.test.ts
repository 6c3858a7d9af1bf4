import { expect, test } from 'vitest';
import { buildDetection, buildError, buildMatch, dayMs, hourMs, startGrouping, tenMs } from './build-alert-input.ts';

test('errors of one function and class are one alert per 24 hours, however old the events are', () => {
  const { group } = startGrouping();
  const first = group([], {
    errors: [buildError('1'), buildError('2', { eventTimeMs: tenMs - 20 * dayMs })],
    nowMs: tenMs,
  });
  expect(first.alerts).toMatchObject([
    {
      kind: 'rule_error',
      title: 'Detection okta/test failed in rule: TypeError',
      level: 'medium',
      matchCount: 2,
      destinations: ['soc'],
      owners: ['@identity'],
      context: { function: 'rule', error_class: 'TypeError', message: 'x is undefined' },
      firstEventTimeMs: tenMs - 20 * dayMs,
      lastEventTimeMs: tenMs,
    },
  ]);
  expect(first.notifications).toHaveLength(1);
  expect(group([], { errors: [buildError('3')], nowMs: tenMs + 23 * hourMs }).raised).toEqual([]);
  expect(group([], { errors: [buildError('4')], nowMs: tenMs + 24 * hourMs }).raised).toHaveLength(1);
});

test('another function or class is another alert', () => {
  const errors = [
    buildError('1'),
    buildError('2', { functionName: 'title' }),
    buildError('3', { errorClass: 'RangeError' }),
  ];
  expect(startGrouping().group([], { errors }).raised).toHaveLength(3);
});

test('an error given twice counts once', () => {
  expect(startGrouping().group([], { errors: [buildError('1'), buildError('1')] }).alerts).toMatchObject([
    { matchCount: 1 },
  ]);
});

test('a quarantine is high', () => {
  const outcome = startGrouping().group([], { errors: [buildError('1', { errorClass: 'Timeout' })] });
  expect(outcome.alerts).toMatchObject([
    {
      level: 'high',
      title: 'Detection okta/test is quarantined: rule did not return (Timeout)',
      destinations: ['slack', 'soc'],
    },
  ]);
});

test('neither alert: false nor destinations: [] of the detection silence its errors', () => {
  const silent = buildDetection({ alert: false, destinations: [] });
  expect(startGrouping(silent).group([], { errors: [buildError('1')] }).notifications).toHaveLength(1);
});

test('errors of a shadow detection are recorded and delivered nowhere', () => {
  const outcome = startGrouping().group([], { errors: [buildError('1', { stage: 'shadow' })] });
  expect(outcome.alerts).toMatchObject([{ destinations: [] }]);
  expect(outcome.notifications).toEqual([]);
});

test('an error does not take the place of a match, nor the other way round', () => {
  const outcome = startGrouping().group([buildMatch('a', tenMs, { dedup: 'rule: TypeError' })], {
    errors: [buildError('1')],
    nowMs: tenMs,
  });
  expect(new Set(outcome.alerts.map((alert) => alert.alertId)).size).toBe(2);
  expect(outcome.links).toHaveLength(1);
});

test('an error of a detection that has left the bundle is alerted too', () => {
  const outcome = startGrouping().group([], {
    errors: [buildError('1', { ruleId: 'okta/gone', ruleFirstId: 'okta/gone' })],
  });
  expect(outcome.alerts).toMatchObject([{ ruleId: 'okta/gone', owners: [] }]);
});
