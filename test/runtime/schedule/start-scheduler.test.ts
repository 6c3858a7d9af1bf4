import { describe, expect, test } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import type { QueryRun } from '../../../framework/model/query-run.ts';
import { queryRunsTable } from '../../../framework/model/standard-tables.ts';
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

describe('when', () => {
  test('a new query first runs at the next scheduled time, once that has settled', async () => {
    const { at, started } = startTestScheduler({ startMs: tenMs });
    await at(tenMs + hourMs + 2 * minuteMs - 1);
    expect(started).toEqual([]);
    await at(tenMs + hourMs + 2 * minuteMs);
    expect(started).toMatchObject([
      {
        scheduledAtMs: tenMs + hourMs,
        coversFromMs: tenMs,
        trigger: 'schedule',
        attempts: 1,
        startedAtMs: tenMs + hourMs + 2 * minuteMs,
      },
    ]);
    await at(tenMs + hourMs + 3 * minuteMs);
    expect(started).toHaveLength(1);
  });

  test('what was missed is caught up in order, each with its own clock', async () => {
    const first = startTestScheduler();
    await first.at(tenMs);
    await first.scheduler.close();
    const second = startTestScheduler({ state: first.state, startMs: tenMs + 3.5 * hourMs });
    await second.scheduler.tick();
    expect(clocksOf(second.started)).toEqual(['11:00', '12:00', '13:00']);
  });

  test('of all that was missed the last thousand are caught up, the stretch before is one skipped entry', async () => {
    const query = buildQuery('okta/adds', { schedule: { everyMs: minuteMs }, settleMs: 0 });
    const { at, started, scheduler, state } = startTestScheduler({ queries: () => [query] });
    await at(tenMs);
    await at(tenMs + 1_006 * minuteMs);
    expect(started).toHaveLength(1_000);
    expect(started[0]).toMatchObject({ scheduledAtMs: tenMs + 7 * minuteMs });
    const skipped = (await scheduler.runs()).filter((run) => run.status === 'skipped');
    expect(skipped).toMatchObject([
      {
        scheduledAtMs: tenMs + 6 * minuteMs,
        coversFromMs: tenMs,
        attempts: 0,
        error:
          'Runs from 2026-03-02T10:01:00.000Z to 2026-03-02T10:06:00.000Z were missed; only the 1000 after them are caught up.',
      },
    ]);
    expect(state.takeRows().get('query_runs')).toHaveLength(1_001);
  });

  test("with 'catchUp: latest' only the last of what was missed is run, the stretch before is one skipped entry", async () => {
    const { at, started, scheduler } = startTestScheduler({
      queries: () => [buildQuery('okta/adds', { catchUp: 'latest' })],
    });
    await at(tenMs);
    await at(tenMs + 5.5 * hourMs);
    expect(clocksOf(started)).toEqual(['15:00']);
    expect(await scheduler.runs()).toMatchObject([
      { status: 'succeeded', scheduledAtMs: tenMs + 5 * hourMs, coversFromMs: tenMs + 4 * hourMs },
      {
        status: 'skipped',
        scheduledAtMs: tenMs + 4 * hourMs,
        coversFromMs: tenMs,
        error:
          'Runs from 2026-03-02T11:00:00.000Z to 2026-03-02T14:00:00.000Z were missed; only the latest is caught up.',
      },
    ]);
    await at(tenMs + 6.5 * hourMs);
    expect(clocksOf(started)).toEqual(['15:00', '16:00']);
  });

  test('a run that was begun is ended with its own clock before the latest is caught up', async () => {
    let isBroken = true;
    const { at, started, scheduler } = startTestScheduler({
      queries: () => [buildQuery('okta/adds', { catchUp: 'latest' })],
      run: async (run) => {
        if (isBroken) throw new MargayError('STATE_CONFLICT', 'No luck.');
        return outcomeOf(run);
      },
    });
    await at(tenMs);
    await at(tenMs + hourMs + 2 * minuteMs);
    isBroken = false;
    await at(tenMs + 5.5 * hourMs);
    expect(clocksOf(started)).toEqual(['11:00', '11:00', '15:00']);
    expect((await scheduler.runs()).map((run) => run.status)).toEqual(['succeeded', 'skipped', 'succeeded']);
  });

  test('a changed schedule goes on from now and catches nothing up', async () => {
    let query = buildQuery('okta/adds', { schedule: { everyMs: 24 * hourMs } });
    const { at, started } = startTestScheduler({ queries: () => [query] });
    await at(tenMs);
    query = buildQuery('okta/adds', { schedule: { cron: '*/5 * * * *' } });
    await at(tenMs + 5 * hourMs + minuteMs);
    expect(started).toEqual([]);
    await at(tenMs + 5 * hourMs + 7 * minuteMs);
    expect(clocksOf(started)).toEqual(['15:00', '15:05']);
  });

  test('queries whose ids begin alike keep apart', async () => {
    const queries = [buildQuery('okta/adds'), buildQuery('okta/adds/manual'), buildQuery('okta/adds-too')];
    const { at, scheduler } = startTestScheduler({ queries: () => queries });
    await at(tenMs);
    await at(tenMs + hourMs + 2 * minuteMs);
    expect((await scheduler.runs('okta/adds')).map((run) => run.queryId)).toEqual(['okta/adds']);
    expect(await scheduler.runs()).toHaveLength(3);
  });

  test('a schedule that never comes is reported and stops no other query', async () => {
    const queries = [buildQuery('bad', { schedule: { cron: '0 0 30 2 *' } }), buildQuery('good')];
    const { at, started, notices, scheduler } = startTestScheduler({ queries: () => queries });
    await at(tenMs);
    await at(tenMs + hourMs + 2 * minuteMs);
    expect(started.map((run) => run.queryId)).toEqual(['good']);
    expect(notices[0]).toContain('Scheduled query bad cannot run');
    expect((await scheduler.statuses()).map(({ queryId, nextAtMs }) => [queryId, nextAtMs])).toEqual([
      ['bad', null],
      ['good', tenMs + 2 * hourMs + 2 * minuteMs],
    ]);
  });

  test('the timer is set for what comes next, at most a minute ahead', async () => {
    const { at, timers, scheduler, started, clock } = startTestScheduler();
    await at(tenMs + 30_000);
    expect([...timers.values()].map((timer) => timer.delayMs)).toEqual([60_000]);
    await at(tenMs + hourMs + 2 * minuteMs - 30_000);
    expect([...timers.values()].map((timer) => timer.delayMs)).toEqual([30_000]);
    clock.set(tenMs + hourMs + 2 * minuteMs);
    for (const timer of [...timers.values()]) timer.fire();
    await scheduler.tick();
    expect(started).toHaveLength(1);
  });
});

describe('the ledger', () => {
  test('a run, its changes, its entry and its row are one commit', async () => {
    const { at, state, commits } = startTestScheduler();
    const commit = state.commit.bind(state);
    const seen: unknown[] = [];
    await at(tenMs);
    Object.assign(state, {
      commit: async (changes: Parameters<typeof commit>[0]) => {
        seen.push(changes);
        await commit(changes);
      },
    });
    await at(tenMs + hourMs + 2 * minuteMs);
    expect(seen).toHaveLength(1);
    expect(commits()).toBe(1);
    expect(seen[0]).toMatchObject({
      put: [
        { space: 'alert' },
        { space: 'ledger', key: 'okta/adds/2026-03-02T11:00:00.000Z', value: { status: 'succeeded', rowCount: 3 } },
        { space: 'ledger' },
      ],
    });
    const [row] = state.takeRows().get('query_runs') ?? [];
    expect(row).toMatchObject({
      query_id: 'okta/adds',
      scheduled_at: '2026-03-02T11:00:00.000Z',
      status: 'succeeded',
      row_count: 3,
      truncated: false,
      error: null,
    });
    expect(Object.keys(row ?? {}).sort()).toEqual(queryRunsTable.columns.map(({ name }) => name).sort());
  });

  test('a runtime that dies before the commit does the run again with the same clock and id', async () => {
    const held = holdRuns();
    const first = startTestScheduler({ run: held.run });
    await first.at(tenMs);
    first.clock.set(tenMs + hourMs + 2 * minuteMs);
    const ticking = first.scheduler.tick();
    const before = await held.next();
    const closing = first.scheduler.close();
    before.end();
    await Promise.all([closing, ticking]);
    expect(await first.state.list('alert')).toEqual([]);
    const second = startTestScheduler({ state: first.state, startMs: tenMs + hourMs + 50 * minuteMs });
    await second.scheduler.tick();
    expect(second.started).toMatchObject([
      { runId: before.run.runId, scheduledAtMs: before.run.scheduledAtMs, attempts: 1 },
    ]);
    expect(await first.state.list('alert')).toHaveLength(1);
  });

  test('a commit that fails is a failed try', async () => {
    const { at, state, scheduler } = startTestScheduler();
    await at(tenMs);
    const commit = state.commit.bind(state);
    let refusals = 1;
    const refuseOnce: typeof commit = async (changes) => {
      if (refusals-- > 0) throw new MargayError('STATE_CONFLICT', 'Somebody else was faster.');
      await commit(changes);
    };
    Object.assign(state, { commit: refuseOnce });
    await at(tenMs + hourMs + 2 * minuteMs);
    expect(await scheduler.runs()).toMatchObject([
      { status: 'retrying', error: 'STATE_CONFLICT: Somebody else was faster.' },
    ]);
  });

  test('runs that ended more than a week ago are forgotten', async () => {
    const { at, scheduler } = startTestScheduler({
      queries: () => [buildQuery('daily', { schedule: { everyMs: 24 * hourMs } })],
    });
    for (let day = 0; day <= 10; day++) await at(tenMs + day * 24 * hourMs);
    expect((await scheduler.runs()).map((run) => iso(run.scheduledAtMs).slice(8, 10))).toEqual([
      '12',
      '11',
      '10',
      '09',
      '08',
      '07',
      '06',
      '05',
    ]);
  });
});
