import { describe, expect, it } from 'vitest';
import type { TimelineStep, TimelineTest } from '../../framework/model/content-test.ts';
import type { ScheduledQuery } from '../../framework/model/scheduled-query.ts';
import { planTimeline } from '../../framework/testing/timeline/plan-timeline.ts';

const minute = 60_000;
const where = { file: 'q.yml', line: 1, col: 1 };
const query = { id: 'q', schedule: { everyMs: 60 * minute }, settleMs: 2 * minute } as ScheduledQuery;

function log(atMinutes: number, times = 1, everyMinutes = 0): TimelineStep {
  const repeat = { times, everyMs: everyMinutes * minute, sameEvent: false };
  return { kind: 'log', atMs: atMinutes * minute, logType: 'Acme.Log', log: {}, ...repeat, where };
}

function expectation(atMinutes: number, expect = {}): TimelineStep {
  return { kind: 'expect', atMs: atMinutes * minute, expect, where: { ...where, line: 9 } };
}

/** What happens, with minutes since the start of the hour. */
function plan(steps: readonly TimelineStep[], options: { runs?: 'expected' | 'scheduled'; of?: ScheduledQuery } = {}) {
  const test: TimelineTest = { kind: 'timeline', name: 't', now: '2026-01-15T12:00:00.000Z', steps, where, ...options };
  const minutes = (atMs: number) => (atMs - Date.parse(test.now)) / minute;
  return planTimeline(test, options.of).map((action) => {
    const clock = action.kind === 'run' ? ` for ${minutes(action.scheduledAtMs)}` : '';
    return `${action.kind} ${minutes(action.atMs)}${clock}`;
  });
}

it('without a query there are records and expectations, in order of time', () => {
  expect(plan([log(-30, 3, 20), expectation(-5), expectation(10)], { runs: 'scheduled' })).toEqual([
    'log -30',
    'log -10',
    'expect -5',
    'log 10',
    'expect 10',
  ]);
});

it('a query runs at each expectation', () => {
  expect(plan([log(-90), expectation(-30), expectation(7)], { of: query })).toEqual([
    'log -90',
    'run -30 for -30',
    'expect -30',
    'run 7 for 7',
    'expect 7',
  ]);
});

describe('a scheduled query', () => {
  it('runs at its times from the first step on, executed when it has settled, and not at expectations', () => {
    expect(
      plan([log(-120), log(-59), expectation(-30), log(1), log(2), expectation(2), expectation(61)], {
        runs: 'scheduled',
        of: query,
      }),
    ).toEqual([
      'log -120',
      'run -118 for -120',
      'log -59',
      'run -58 for -60',
      'expect -30',
      'log 1',
      'log 2',
      'run 2 for 0',
      'expect 2',
      'expect 61',
    ]);
  });

  it('covers the time from the run before', () => {
    const test = { kind: 'timeline', name: 't', now: '2026-01-15T12:00:00.000Z', where } as const;
    const runs = planTimeline({ ...test, steps: [log(-61), expectation(5)], runs: 'scheduled' }, query);
    expect(runs.filter(({ kind }) => kind === 'run')).toMatchObject([
      { coversFromMs: undefined },
      { coversFromMs: Date.parse('2026-01-15T11:00:00Z') },
    ]);
  });

  it('may follow a cron expression', () => {
    const daily = { ...query, schedule: { cron: '30 11 * * *' } };
    expect(plan([log(-40), expectation(0)], { runs: 'scheduled', of: daily })).toEqual([
      'log -40',
      'run -28 for -30',
      'expect 0',
    ]);
  });

  it('runs a thousand times and not more often', () => {
    const everyMinute = { ...query, schedule: { everyMs: minute }, settleMs: 0 };
    const planned = plan([log(1), expectation(1_000)], { runs: 'scheduled', of: everyMinute });
    expect(planned.filter((action) => action.startsWith('run'))).toHaveLength(1_000);
    expect(() => plan([log(0), expectation(1_000)], { runs: 'scheduled', of: everyMinute })).toThrow(
      expect.objectContaining({
        code: 'TEST_RUNS_TOO_MANY',
        message: "By its schedule the query 'q' runs more than 1000 times in this timeline.",
        where,
      }),
    );
  });

  it('has to have run before rows are expected', () => {
    expect(plan([log(-10), expectation(1, { alerts: [] })], { runs: 'scheduled', of: query })).not.toContain('run');
    expect(() => plan([log(-10), expectation(1, { rows: [] })], { runs: 'scheduled', of: query })).toThrow(
      expect.objectContaining({ code: 'TEST_RUNS_NONE', where: expect.objectContaining({ line: 9 }) }),
    );
  });
});
