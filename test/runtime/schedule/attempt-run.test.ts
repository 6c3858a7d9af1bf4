import { describe, expect, test } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import { hourMs, minuteMs, outcomeOf, startTestScheduler, tenMs } from './start-test-scheduler.ts';

describe('how a run ended', () => {
  const timingOut = async (): Promise<never> => {
    throw new MargayError('LAKE_QUERY_TIMEOUT', 'It took longer than 60 s.');
  };

  test('a run that times out to the end is an error row', async () => {
    const { at, state } = startTestScheduler({ run: timingOut });
    await at(tenMs);
    const dueMs = tenMs + hourMs + 2 * minuteMs;
    for (const laterMs of [0, 30_000, 150_000]) await at(dueMs + laterMs);
    expect(state.takeRows().get('query_runs')).toMatchObject([
      { status: 'timed_out', row_count: null, error: 'LAKE_QUERY_TIMEOUT: It took longer than 60 s.' },
    ]);
  });

  test('what belongs to its end is committed with it: of each run of the schedule once, of tries and by hand never', async () => {
    let isBroken = true;
    const ended: string[] = [];
    const { at, scheduler, state, commits } = startTestScheduler({
      run: async (run) => (isBroken ? timingOut() : outcomeOf(run)),
      onEnd: async (run, query) => {
        ended.push(`${query.id} ${run.status}`);
        return { put: [{ space: 'trouble', key: run.runId, value: run.status }] };
      },
    });
    await at(tenMs);
    const dueMs = tenMs + hourMs + 2 * minuteMs;
    for (const laterMs of [0, 30_000]) await at(dueMs + laterMs);
    expect([ended, commits()]).toEqual([[], 0]);
    await at(dueMs + 150_000);
    expect([ended, commits()]).toEqual([['okta/adds timed_out'], 1]);
    isBroken = false;
    await scheduler.trigger('okta/adds');
    await at(dueMs + hourMs);
    expect(ended).toEqual(['okta/adds timed_out', 'okta/adds succeeded']);
    expect((await state.list('trouble')).map(({ value }) => value).sort()).toEqual(['succeeded', 'timed_out']);
  });

  test.each([
    ['rows of a silent source are rows', 3, ['A'], { status: 'succeeded', rowCount: 3, staleSources: ['A'] }],
    ['no rows of a source that is not are none', 0, [], { status: 'succeeded', rowCount: 0 }],
    [
      'no rows of a silent source prove nothing',
      0,
      ['A', 'B'],
      {
        status: 'skipped',
        rowCount: 0,
        staleSources: ['A', 'B'],
        error: 'SCHEDULE_SOURCE_STALE: A, B are silent, so that no rows are no proof of quiet.',
      },
    ],
  ])('%s', async (_, rowCount, staleSources, expected) => {
    const { at, scheduler, state } = startTestScheduler({
      run: async (run) => ({ ...outcomeOf(run), rowCount, staleSources }),
    });
    await at(tenMs);
    await at(tenMs + hourMs + 2 * minuteMs);
    expect(await scheduler.runs()).toMatchObject([{ trigger: 'schedule', ...expected }]);
    expect(await state.list('alert')).toHaveLength(1);
    expect(state.takeRows().get('query_runs')).toMatchObject([
      { status: expected.status, stale_sources: staleSources.length > 0 ? staleSources : null },
    ]);
    expect(await scheduler.trigger('okta/adds')).toMatchObject({ trigger: 'manual', ...expected });
  });
});
