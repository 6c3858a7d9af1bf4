import { expect, it } from 'vitest';
import { createMemoryState } from '../../../../framework/model/memory-state.ts';
import { sweepBackfills } from '../../../../framework/runtime/services/backfill/sweep-backfills.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 30);

it.each([
  ['done', 91, 0],
  ['failed', 91, 0],
  ['stopped', 91, 0],
  ['done', 89, 1],
  ['stopped', 89, 1],
  ['running', 400, 1],
])('of a backfill that is %s for %i days %i are kept', async (status, daysAgo, count) => {
  const state = createMemoryState();
  await state.commit({
    put: [{ space: 'backfill', key: 'b', value: { status, updatedAtMs: nowMs - daysAgo * dayMs } }],
  });
  await sweepBackfills(state, nowMs);
  expect(await state.list('backfill')).toHaveLength(count);
});
