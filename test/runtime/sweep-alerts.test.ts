import { expect, it } from 'vitest';
import { createMemoryState } from '../../framework/model/memory-state.ts';
import type { Space } from '../../framework/model/state.ts';
import { sweepAlerts } from '../../framework/runtime/sweep-alerts.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 5, 30);
const alert = (alertId: string, daysAgo: number) => ({ alertId, createdAtMs: nowMs - daysAgo * dayMs });

async function kept(
  entries: readonly { readonly space: Space; readonly key: string; readonly value: unknown }[],
  sweep: { readonly retentionMs?: number | undefined; readonly prefix?: string } = {},
): Promise<readonly string[]> {
  const state = createMemoryState();
  await state.commit({ put: entries });
  await sweepAlerts(state, { retentionMs: 30 * dayMs, prefix: 'a', nowMs, ...sweep });
  return (await state.list('alert')).map(({ key }) => key);
}

const put = (alertId: string, daysAgo: number) => ({
  space: 'alert' as const,
  key: alertId,
  value: alert(alertId, daysAgo),
});

it('an alert goes when the table has dropped its day, not before', async () => {
  expect(await kept([put('a1', 32), put('a2', 30.5), put('a3', 1)])).toEqual(['a2', 'a3']);
});

it('only those of the round are looked at', async () => {
  expect(await kept([put('a1', 100), put('b1', 100)])).toEqual(['b1']);
});

it('all stay where the table keeps its rows for ever', async () => {
  expect(await kept([put('a1', 10_000)], { retentionMs: undefined })).toEqual(['a1']);
});

it.each([
  [
    'a window that matches can join',
    { space: 'window', key: 'w', value: { windows: [{ alert: alert('a1', 100) }, {}] } },
  ],
  ['a key that fires', { space: 'firing', key: 'f', value: { keys: [{ alert: alert('a1', 100) }] } }],
  ['a trouble that lasts', { space: 'trouble', key: 't', value: { sinceMs: 0, alert: alert('a1', 100) } }],
  ['a delivery that waits', { space: 'outbox', key: 'pending/n/slack', value: { alertId: 'a1' } }],
  ['a delivery that can be replayed', { space: 'outbox', key: 'dead/n/slack', value: { alertId: 'a1' } }],
  ['a delivery that is shown', { space: 'outbox', key: 'delivered/n/slack', value: { alertId: 'a1' } }],
] as const)('an alert stays as long as there is %s', async (_what, referring) => {
  expect(await kept([put('a1', 100), put('a2', 100), referring])).toEqual(['a1']);
});
