import { beforeEach, expect, it } from 'vitest';
import type { Alert } from '../../framework/model/alert.ts';
import type { Bundle } from '../../framework/model/bundle.ts';
import { createMemoryState, type MemoryState } from '../../framework/model/memory-state.ts';
import { standardTables } from '../../framework/model/standard-tables.ts';
import type { LastHeard } from '../../framework/runtime/last-heard.ts';
import { silenceTrouble } from '../../framework/runtime/silence-trouble.ts';
import { watchTroubles } from '../../framework/runtime/watch-troubles.ts';
import { checkQuery } from '../../framework/sql/index.ts';
import { logType, sampleBundle } from './detect/sample-bundle.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-02T10:00:00.000Z');

let nowMs: number;
let state: MemoryState;
let heard: LastHeard;
let bundle: Bundle;
let isBehind: boolean;

beforeEach(() => {
  nowMs = start;
  state = createMemoryState();
  heard = { 'Acme.Audit': { watchedSinceMs: start - 10 * hour, receivedAtMs: start } };
  bundle = watched(2 * hour);
  isBehind = false;
});

function watched(silentAfterMs: number | undefined): Bundle {
  const destination = { name: 'team', type: 'stdout', levels: ['high' as const], settings: {} };
  return {
    ...sampleBundle({ detections: [] }),
    logTypes: [{ ...logType, name: 'Acme.Audit', silentAfterMs }],
    routing: { destinations: [destination] },
  };
}

function open() {
  return watchTroubles({
    clock: { now: () => nowMs },
    state,
    bundle: () => bundle,
    heard: () => heard,
    catchUp: async () => {
      if (isBehind) throw new Error('behind');
    },
    onCommit: () => {},
    onNotice: (notice) => {
      throw new Error(notice);
    },
    startTimer: () => () => {},
  });
}

/** What there is to see: alerts in order of their ids' times, and notifications. */
async function seen() {
  const alerts = (await state.list<Alert>('alert')).map(({ value }) => value);
  return {
    alerts: alerts
      .sort((a, b) => a.firstEventTimeMs - b.firstEventTimeMs)
      .map(({ title, status }) => `${status}: ${title}`),
    sent: (await state.list('outbox')).length,
  };
}

it('a silence is one alert, however often it looks and restarts, and is resolved when logs come back', async () => {
  const watch = open();
  nowMs = start + 2 * hour - 1;
  await watch.look();
  expect(await seen()).toEqual({ alerts: [], sent: 0 });
  nowMs += 1;
  await watch.look();
  const one = ['open: Acme.Audit is silent: no logs since 2026-03-02T10:00:00.000Z'];
  expect(await seen()).toEqual({ alerts: one, sent: 1 });
  nowMs += hour;
  await watch.look();
  await watch.close();
  const again = open();
  nowMs += hour;
  await again.look();
  expect(await seen()).toEqual({ alerts: one, sent: 1 });

  heard = { 'Acme.Audit': { ...heard['Acme.Audit'], receivedAtMs: nowMs } };
  await again.look();
  expect(await seen()).toEqual({ alerts: [one[0]?.replace('open', 'resolved')], sent: 1 });
  expect(await state.list('trouble')).toEqual([]);
  nowMs += 2 * hour;
  await again.look();
  const another = 'open: Acme.Audit is silent: no logs since 2026-03-02T14:00:00.000Z';
  expect(await seen()).toEqual({ alerts: [one[0]?.replace('open', 'resolved'), another], sent: 2 });
});

it('the alert is high, of the log type, routed by level, with the same id wherever it is raised', async () => {
  const watch = open();
  nowMs += 2 * hour;
  await watch.look();
  const [alert] = (await state.list<Alert>('alert')).map(({ value }) => value);
  expect(alert).toMatchObject({
    ...{ kind: 'silence', ruleId: 'margay/silence', dedup: 'Acme.Audit', level: 'high', destinations: ['team'] },
    ...{ firstEventTimeMs: start, lastEventTimeMs: nowMs },
    context: { log_type: 'Acme.Audit', last_received: '2026-03-02T10:00:00.000Z', silent_after: '2h' },
  });
  state = createMemoryState();
  const other = open();
  nowMs += hour;
  await other.look();
  expect((await state.list('alert')).map(({ key }) => key)).toEqual([alert?.alertId]);
});

it('one that somebody closed stays closed', async () => {
  const watch = open();
  nowMs += 2 * hour;
  await watch.look();
  const [entry] = await state.list<Alert>('alert');
  await state.commit({
    put: [{ space: 'alert', key: entry?.key as string, value: { ...(entry?.value as Alert), status: 'closed' } }],
  });
  heard = { 'Acme.Audit': { receivedAtMs: nowMs, watchedSinceMs: start } };
  await watch.look();
  expect((await state.list<Alert>('alert')).map(({ value }) => value.status)).toEqual(['closed']);
});

it('a longer silentAfter is no end of a silence; none at all is', async () => {
  const watch = open();
  nowMs += 2 * hour;
  await watch.look();
  bundle = watched(9 * hour);
  await watch.look();
  expect((await seen()).alerts).toEqual([expect.stringMatching(/^open/)]);
  bundle = watched(undefined);
  await watch.look();
  expect((await seen()).alerts).toEqual([expect.stringMatching(/^resolved/)]);
});

it('after a start senders have ten minutes before they are called silent', async () => {
  nowMs = start + 5 * hour;
  const watch = open();
  nowMs += 599_999;
  await watch.look();
  expect(await seen()).toEqual({ alerts: [], sent: 0 });
  nowMs += 1;
  await watch.look();
  expect(await seen()).toMatchObject({ sent: 1 });
});

it('nobody is called silent while the log is not read to its end', async () => {
  const watch = open();
  nowMs += 2 * hour;
  isBehind = true;
  await watch.look();
  expect(await seen()).toEqual({ alerts: [], sent: 0 });
  isBehind = false;
  await watch.look();
  expect(await seen()).toMatchObject({ sent: 1 });
});

it('the query of the runbook is one that runs', async () => {
  const { runbook } = silenceTrouble({ logType: 'Acme.Audit', silentAfterMs: hour, sinceMs: start });
  const sql = /margay query "([^"]+)"/.exec(runbook)?.[1] ?? '';
  const { problems } = await checkQuery(sql, { tables: standardTables, contexts: new Map() });
  expect(problems).toEqual([]);
});
