import { expect, it } from 'vitest';
import type { Backfill } from '../../../../framework/model/backfill.ts';
import type { Lake } from '../../../../framework/model/lake.ts';
import { createMemoryState } from '../../../../framework/model/memory-state.ts';
import { catalogBundle } from '../../../../framework/runtime/bundle-catalog.ts';
import { runBackfill } from '../../../../framework/runtime/services/backfill/run-backfill.ts';
import { splitDays } from '../../../../framework/runtime/services/backfill/split-days.ts';
import { sampleBundle, sampleDetection } from '../../detect/sample-bundle.ts';

const backfill: Backfill = {
  backfillId: 'b',
  ruleId: 'test/sample',
  ruleVersion: 'sha256:1',
  window: { from: '2026-01-01T12:00:00.000Z', until: '2026-01-03T06:00:00.000Z' },
  isDryRun: false,
  status: 'running',
  days: { done: 0, total: 3 },
  ...{ written: 0, known: 0, errors: [], error: null, actor: 'test', startedAtMs: 0, updatedAtMs: 0 },
};

it.each([
  ['was changed', sampleDetection({ version: 'sha256:2' })],
  ['was switched off', sampleDetection({ mode: 'off' })],
  ['is gone', sampleDetection({ id: 'test/other' })],
])('a backfill does not go on with a detection that %s', async (_what, detection) => {
  const parts = {
    state: createMemoryState(),
    lake: {} as Lake,
    clock: { now: () => 0 },
    active: () => ({ catalog: catalogBundle('sha256:b', sampleBundle({ detections: [detection] })) }),
    catchUp: async () => {},
  };
  const { signal } = new AbortController();
  await expect(runBackfill(parts, backfill, signal)).rejects.toMatchObject({ code: 'RUNTIME_BACKFILL_FAILED' });
});

it('a window is taken day by day, the first and the last as far as they go', () => {
  const days = splitDays({ fromMs: Date.parse(backfill.window.from), untilMs: Date.parse(backfill.window.until) });
  expect(days.map(({ fromMs, untilMs }) => [new Date(fromMs).toISOString(), (untilMs - fromMs) / 3_600_000])).toEqual([
    ['2026-01-01T12:00:00.000Z', 12],
    ['2026-01-02T00:00:00.000Z', 24],
    ['2026-01-03T00:00:00.000Z', 6],
  ]);
});
