import { beforeEach, expect, it } from 'vitest';
import type { Alert } from '../../framework/model/alert.ts';
import type { Routing } from '../../framework/model/destination.ts';
import { createMemoryState, type MemoryState } from '../../framework/model/memory-state.ts';
import type { QueryRun } from '../../framework/model/query-run.ts';
import { queryFailureChanges } from '../../framework/runtime/query-failure.ts';
import { buildQuery, hourMs, tenMs } from './schedule/start-test-scheduler.ts';

const query = buildQuery('okta/adds', { owners: ['@identity'] });
const routing: Routing = { destinations: [{ name: 'team', type: 'stdout', levels: ['medium'], settings: {} }] };

let state: MemoryState;
beforeEach(() => {
  state = createMemoryState();
});

/** A run of the schedule, some hours after ten, that ended so. */
async function end(hours: number, ended: Partial<QueryRun>): Promise<readonly string[]> {
  const run: QueryRun = {
    ...{ runId: `run ${hours}`, queryId: query.id, scheduledAtMs: tenMs + hours * hourMs },
    ...{ trigger: 'schedule', status: 'succeeded', attempts: 3, ...ended },
  };
  await state.commit(await queryFailureChanges(state, { run, query }, routing, run.scheduledAtMs + 60_000));
  return alerts();
}

async function alerts(): Promise<readonly string[]> {
  const entries = (await state.list<Alert>('alert')).map(({ value }) => value);
  return entries
    .sort((a, b) => a.firstEventTimeMs - b.firstEventTimeMs)
    .map(({ status, title }) => `${status}: ${title.slice(0, -8)}`);
}

const failed = { status: 'failed', error: 'LAKE_QUERY_FAILED: No memory.' } as const;
const timedOut = { status: 'timed_out', error: 'LAKE_QUERY_TIMEOUT: It took longer than 2 min.' } as const;

it('runs that fail one after the other are one alert, until one gets through', async () => {
  const first = 'open: Scheduled query okta/adds failed at 2026-03-02T10:00';
  expect(await end(0, failed)).toEqual([first]);
  expect(await end(1, timedOut)).toEqual([first]);
  expect(await end(2, { status: 'skipped', attempts: 0 })).toEqual([first]);
  expect(await state.list('outbox')).toHaveLength(1);
  const over = first.replace('open', 'resolved');
  expect(await end(3, { rowCount: 0 })).toEqual([over]);
  expect(await state.list('trouble')).toEqual([]);
  expect(await end(4, timedOut)).toEqual([over, 'open: Scheduled query okta/adds timed out at 2026-03-02T14:00']);
  expect(await state.list('outbox')).toHaveLength(2);
});

it('a run without rows while a source is silent got through', async () => {
  await end(0, failed);
  const skipped = { status: 'skipped', rowCount: 0, staleSources: ['Okta.SystemLog'] } as const;
  expect(await end(1, skipped)).toEqual([expect.stringMatching(/^resolved/)]);
});

it('the alert is for the owners of the query, with the clock to run it again', async () => {
  await end(0, timedOut);
  const [alert] = (await state.list<Alert>('alert')).map(({ value }) => value);
  expect(alert).toMatchObject({
    ...{ kind: 'query_failure', ruleId: 'margay/query-failure', level: 'medium', dedup: 'okta/adds' },
    ...{ owners: ['@identity'], destinations: ['team'], firstEventTimeMs: tenMs },
    context: { query: 'okta/adds', status: 'timed_out', attempts: 3, error: timedOut.error },
    runbook: expect.stringContaining('margay schedule run okta/adds --at 2026-03-02T10:00:00.000Z'),
  });
  const again = createMemoryState();
  state = again;
  await end(0, failed);
  expect((await again.list('alert')).map(({ key }) => key)).toEqual([alert?.alertId]);
});

it('a query that never failed changes nothing', async () => {
  expect(await end(0, { rowCount: 3 })).toEqual([]);
});
