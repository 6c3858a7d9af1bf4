import { describe, expect, it } from 'vitest';
import { judgeTrial, type Trial, trialDay } from '../../framework/model/rollout.ts';

const hour = 3_600_000;
const rule = { shadowMs: 48 * hour, maxAlertsPerDay: 10 };
const sound: Trial = { version: 'v', sinceMs: 0, evaluated: 5, matches: 0, errors: 0, alertsByDay: [] };

describe('a trial', () => {
  it.each<readonly [claim: string, trial: Partial<Trial>, nowMs: number, status: string, reason: string]>([
    ['waits for its window', {}, 48 * hour - 1, 'waiting', 'Its window ends in 1m.'],
    ['is ready when that is over', {}, 48 * hour, 'ready', 'It is promoted at the next look.'],
    ['waits for events, however long', { evaluated: 0 }, 999 * hour, 'waiting', 'It has evaluated nothing yet.'],
    ['may use up its budget', { alertsByDay: [0, 10] }, 48 * hour, 'ready', 'It is promoted at the next look.'],
    [
      'is held by one day above it',
      { alertsByDay: [3, 11, 2] },
      hour,
      'held',
      'It raised 11 alerts on day 2, and 10 a day are its budget.',
    ],
    [
      'is held by an error, which is told first',
      { errors: 1, lastError: 'rule: no', alertsByDay: [99] },
      999 * hour,
      'held',
      'It raised 1 error, the last: rule: no',
    ],
  ])('%s', (_claim, trial, nowMs, status, reason) => {
    expect(judgeTrial({ ...sound, ...trial }, rule, nowMs)).toEqual({ status, reason });
  });

  it('has no budget where none is said', () => {
    expect(judgeTrial({ ...sound, alertsByDay: [9_999] }, { shadowMs: 0 }, 0)).toMatchObject({ status: 'ready' });
  });

  it('counts its days from its start', () => {
    expect([0, 24 * hour - 1, 24 * hour, -5].map((nowMs) => trialDay(sound, nowMs))).toEqual([0, 0, 1, 0]);
  });
});
