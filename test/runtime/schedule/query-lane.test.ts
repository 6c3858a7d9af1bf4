import { describe, expect, test } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import type { QueryRun } from '../../../framework/model/query-run.ts';
import type { ScheduledQuery } from '../../../framework/model/scheduled-query.ts';
import {
  buildQuery,
  holdRuns,
  hourMs,
  iso,
  minuteMs,
  outcomeOf,
  startTestScheduler,
  tenMs,
} from './start-test-scheduler.ts';

const clocksOf = (runs: readonly QueryRun[]): readonly string[] =>
  runs.map((run) => iso(run.scheduledAtMs).slice(11, 16));

describe('trouble', () => {
  const failing = async (): Promise<never> => {
    throw new MargayError('STATE_CONFLICT', 'No luck.');
  };

  test('a run is tried three times with its clock, then it has failed and the next one comes', async () => {
    const { at, started, scheduler, state } = startTestScheduler({ run: failing });
    await at(tenMs);
    const dueMs = tenMs + hourMs + 2 * minuteMs;
    await at(dueMs);
    await at(dueMs + 29_999);
    expect(started).toHaveLength(1);
    expect(await scheduler.statuses()).toMatchObject([
      { nextAtMs: dueMs + 30_000, lastRun: { status: 'retrying', attempts: 1 } },
    ]);
    await at(dueMs + 30_000);
    await at(dueMs + 30_000 + 120_000);
    expect(started.map((run) => [run.attempts, run.scheduledAtMs])).toEqual(
      [1, 2, 3].map((attempt) => [attempt, tenMs + hourMs]),
    );
    expect(await scheduler.runs()).toMatchObject([
      { status: 'failed', attempts: 3, error: 'STATE_CONFLICT: No luck.' },
    ]);
    expect(state.takeRows().get('query_runs')).toMatchObject([{ status: 'failed', error: 'STATE_CONFLICT: No luck.' }]);
    await at(tenMs + 2 * hourMs + 2 * minuteMs);
    expect(clocksOf(started)).toEqual(['11:00', '11:00', '11:00', '12:00']);
  });

  test('later runs of a query wait while an earlier one is retried', async () => {
    let isBroken = true;
    const { at, started } = startTestScheduler({ run: async (run) => (isBroken ? failing() : outcomeOf(run)) });
    await at(tenMs);
    await at(tenMs + 2 * hourMs + 2 * minuteMs);
    expect(clocksOf(started)).toEqual(['11:00']);
    isBroken = false;
    await at(tenMs + 2 * hourMs + 3 * minuteMs);
    expect(clocksOf(started)).toEqual(['11:00', '11:00', '12:00']);
  });

  test('a run that does not end is given up, and its late result is dropped', async () => {
    const held = holdRuns();
    const { at, clock, scheduler, timers, state } = startTestScheduler({ run: held.run });
    await at(tenMs);
    clock.set(tenMs + hourMs + 2 * minuteMs);
    const ticking = scheduler.tick();
    const hung = await held.next();
    for (const timer of [...timers.values()]) if (timer.delayMs === minuteMs + 5_000) timer.fire();
    await ticking;
    expect(hung.context.signal.aborted).toBe(true);
    hung.end();
    expect(await scheduler.runs()).toMatchObject([
      { status: 'retrying', error: expect.stringContaining('SCHEDULE_RUN_TIMEOUT') },
    ]);
    expect(await state.list('alert')).toEqual([]);
  });

  test("the lake's own timeout makes the run timed_out", async () => {
    const run = async (): Promise<never> => {
      throw new MargayError('LAKE_QUERY_TIMEOUT', 'It took longer than 60 s.');
    };
    const { scheduler } = startTestScheduler({ run });
    expect(await scheduler.trigger('okta/adds')).toMatchObject({ status: 'timed_out' });
  });

  test('retries of an old schedule are given up when it changes', async () => {
    let query = buildQuery();
    const { at, scheduler } = startTestScheduler({ run: failing, queries: () => [query] });
    await at(tenMs);
    await at(tenMs + hourMs + 2 * minuteMs);
    query = buildQuery('okta/adds', { schedule: { everyMs: 5 * hourMs } });
    await at(tenMs + hourMs + 10 * minuteMs);
    expect(await scheduler.runs()).toMatchObject([{ status: 'skipped', error: 'Its schedule was changed.' }]);
  });
});

describe('side by side', () => {
  test('runs of one query never overlap', async () => {
    const held = holdRuns();
    const { at, clock, scheduler, started } = startTestScheduler({ run: held.run });
    await at(tenMs);
    clock.set(tenMs + hourMs + 2 * minuteMs);
    const ticking = scheduler.tick();
    const first = await held.next();
    const manual = scheduler.trigger('okta/adds');
    const again = scheduler.tick();
    expect(started).toHaveLength(1);
    expect(await scheduler.runs()).toMatchObject([{ status: 'running' }]);
    first.end();
    (await held.next()).end();
    await Promise.all([ticking, again, manual]);
    expect(started.map((run) => run.trigger)).toEqual(['schedule', 'manual']);
  });

  test('two runs of different queries go on at a time, the third waits', async () => {
    const held = holdRuns();
    const queries = ['a', 'b', 'c'].map((id) => buildQuery(id));
    const { at, clock, scheduler, started } = startTestScheduler({ run: held.run, queries: () => queries });
    await at(tenMs);
    clock.set(tenMs + hourMs + 2 * minuteMs);
    const ticking = scheduler.tick();
    const [first, second] = [await held.next(), await held.next()];
    expect(started.map((run) => run.queryId)).toEqual(['a', 'b']);
    first.end();
    const third = await held.next();
    expect(third.run.queryId).toBe('c');
    second.end();
    third.end();
    await ticking;
  });
});

describe('a bundle that changes while a run waits', () => {
  /** Two runs hold both slots, so that what is due of okta/adds waits; `swap` then puts other queries in force. */
  async function startWaiting(trigger: 'schedule' | 'manual') {
    const held = holdRuns();
    const others = ['a', 'b'].map((id) => buildQuery(id));
    let queries = [...others, buildQuery()];
    const test = startTestScheduler({
      run: (run, context) => (run.queryId === 'okta/adds' ? Promise.resolve(outcomeOf(run)) : held.run(run, context)),
      queries: () => queries,
    });
    await test.at(tenMs);
    const dueMs = tenMs + hourMs + 2 * minuteMs;
    if (trigger === 'schedule') test.clock.set(dueMs);
    const blocking = trigger === 'schedule' ? [] : others.map((query) => test.scheduler.trigger(query.id));
    const waiting =
      trigger === 'schedule' ? test.scheduler.tick() : test.scheduler.trigger('okta/adds', { actor: 'dana' });
    const runs = [await held.next(), await held.next()];
    return {
      ...test,
      swap: async (now: readonly ScheduledQuery[]): Promise<unknown> => {
        queries = [...others, ...now];
        for (const run of runs) run.end();
        await Promise.all(blocking);
        return waiting;
      },
    };
  }

  const ownRuns = (runs: readonly QueryRun[]) => runs.filter((run) => run.queryId === 'okta/adds');

  test('the run takes the query as it is when it begins', async () => {
    const { swap, contexts } = await startWaiting('schedule');
    await swap([buildQuery('okta/adds', { sql: 'SELECT 2 AS two' })]);
    expect(contexts.at(-1)?.query.sql).toBe('SELECT 2 AS two');
  });

  test('a run by hand does so too', async () => {
    const { swap, contexts } = await startWaiting('manual');
    await swap([buildQuery('okta/adds', { sql: 'SELECT 2 AS two' })]);
    expect(contexts.at(-1)?.query.sql).toBe('SELECT 2 AS two');
  });

  test('a query that has gone skips the run, with the reason', async () => {
    const { swap, started, scheduler, state } = await startWaiting('schedule');
    await swap([]);
    expect(ownRuns(started)).toEqual([]);
    const [skipped] = await scheduler.runs('okta/adds');
    expect(skipped).toMatchObject({
      status: 'skipped',
      attempts: 0,
      scheduledAtMs: tenMs + hourMs,
      error: expect.stringContaining('taken out of force'),
    });
    expect(state.takeRows().get('query_runs')).toContainEqual(expect.objectContaining({ status: 'skipped' }));
  });

  test('a query that has gone skips the run by hand, which is recorded with who asked', async () => {
    const { swap, started, scheduler } = await startWaiting('manual');
    expect(await swap([])).toMatchObject({ status: 'skipped', trigger: 'manual', actor: 'dana' });
    expect(ownRuns(started)).toEqual([]);
    expect(await scheduler.runs('okta/adds')).toMatchObject([{ status: 'skipped', actor: 'dana' }]);
  });

  test('a run that is no longer due by the new timing does not begin', async () => {
    const { swap, started, scheduler } = await startWaiting('schedule');
    await swap([buildQuery('okta/adds', { settleMs: 10 * minuteMs })]);
    expect(ownRuns(started)).toEqual([]);
    expect((await scheduler.statuses()).at(-1)?.nextAtMs).toBe(tenMs + hourMs + 10 * minuteMs);
  });
});

test('a run is told what is stale to it', async () => {
  const { at, contexts } = startTestScheduler();
  await at(tenMs);
  await at(tenMs + hourMs + 2 * minuteMs);
  expect(contexts.map((context) => context.staleBeforeMs)).toEqual([tenMs - 23 * hourMs]);
});

describe('by hand', () => {
  test('a run has the clock asked for, is recorded with who asked, and leaves the schedule alone', async () => {
    const { at, scheduler, state, started } = startTestScheduler();
    await at(tenMs);
    const run = await scheduler.trigger('okta/adds', { scheduledAtMs: tenMs - hourMs, actor: 'dana' });
    expect(run).toMatchObject({
      status: 'succeeded',
      trigger: 'manual',
      actor: 'dana',
      scheduledAtMs: tenMs - hourMs,
      rowCount: 3,
    });
    expect(state.takeRows().get('audit')).toMatchObject([
      { actor: 'dana', action: 'query_run', detail: { query: 'okta/adds', status: 'succeeded' } },
    ]);
    await at(tenMs + hourMs + 2 * minuteMs);
    expect(started.map((entry) => [entry.trigger, entry.scheduledAtMs])).toEqual([
      ['manual', tenMs - hourMs],
      ['schedule', tenMs + hourMs],
    ]);
  });

  test('the clock is now when none is asked for; two runs at once are two runs', async () => {
    const { scheduler } = startTestScheduler();
    const runs = await Promise.all([scheduler.trigger('okta/adds'), scheduler.trigger('okta/adds')]);
    expect(runs.map((run) => run.scheduledAtMs)).toEqual([tenMs, tenMs]);
    expect(new Set(runs.map((run) => run.runId)).size).toBe(2);
    expect(await scheduler.runs('okta/adds')).toHaveLength(2);
  });

  test('a run that fails is returned and recorded as failed, and is not repeated', async () => {
    const run = async (): Promise<never> => {
      throw new Error('No such table.');
    };
    const { scheduler, started } = startTestScheduler({ run });
    expect(await scheduler.trigger('okta/adds')).toMatchObject({ status: 'failed', error: 'No such table.' });
    expect(await scheduler.runs()).toMatchObject([{ status: 'failed', trigger: 'manual' }]);
    expect(started).toHaveLength(1);
  });

  test.each([
    ['a query that is not in force', 'okta/ads', {}, 'SCHEDULE_QUERY_UNKNOWN'],
    ['a clock in the future', 'okta/adds', { scheduledAtMs: tenMs + 1 }, 'SCHEDULE_CLOCK_INVALID'],
    ['a clock that is no time', 'okta/adds', { scheduledAtMs: Number.NaN }, 'SCHEDULE_CLOCK_INVALID'],
  ])('%s is refused', async (_, queryId, request, code) => {
    await expect(startTestScheduler().scheduler.trigger(queryId, request)).rejects.toMatchObject({ code });
  });

  test('closing aborts the run under way, and nothing is recorded', async () => {
    const held = holdRuns();
    const { scheduler } = startTestScheduler({ run: held.run });
    const manual = scheduler.trigger('okta/adds');
    const refused = expect(manual).rejects.toMatchObject({ code: 'SCHEDULE_CLOSED' });
    const underway = await held.next();
    underway.context.signal.addEventListener('abort', () => underway.fail(new Error('aborted')));
    await scheduler.close();
    await refused;
    expect(await scheduler.runs()).toEqual([]);
    await expect(scheduler.trigger('okta/adds')).rejects.toMatchObject({ code: 'SCHEDULE_CLOSED' });
  });
});
