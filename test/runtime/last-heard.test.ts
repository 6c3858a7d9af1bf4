import { expect, it } from 'vitest';
import type { BatchRecord } from '../../framework/model/log-record.ts';
import { hear, type LastHeard, silences, watchFrom } from '../../framework/runtime/last-heard.ts';
import { logType } from './detect/sample-bundle.ts';

const hour = 3_600_000;

function batch(name: string, receivedAtMs: number): BatchRecord {
  return { kind: 'batch', key: String(receivedAtMs), logType: name, source: '', receivedAtMs, body: Buffer.from('{}') };
}

function bundle(settings: Readonly<Record<string, number | undefined>>) {
  const logTypes = Object.entries(settings).map(([name, silentAfterMs]) => ({ ...logType, name, silentAfterMs }));
  return { logTypes };
}

it('the newest batch counts, in whatever order batches come', () => {
  const heard = hear(hear({ A: { watchedSinceMs: 1 } }, [batch('A', 5), batch('B', 7)]), [batch('A', 3)]);
  expect(heard).toEqual({ A: { watchedSinceMs: 1, receivedAtMs: 5 }, B: { receivedAtMs: 7 } });
});

it('a log type is watched from the activation that gives it silentAfter, and no later one changes that', () => {
  const first = watchFrom({ B: { receivedAtMs: 1 } }, bundle({ A: hour, B: undefined, C: undefined }), 10);
  expect(first).toEqual({ A: { watchedSinceMs: 10 }, B: { receivedAtMs: 1 } });
  const second = watchFrom(first, bundle({ A: 2 * hour, B: hour }), 20);
  expect(second).toEqual({ A: { watchedSinceMs: 10 }, B: { receivedAtMs: 1, watchedSinceMs: 20 } });
  expect(watchFrom(second, bundle({ A: undefined }), 30)).toEqual({});
});

it.each<[string, LastHeard, number, number | undefined]>([
  ['nothing ever came: from when it is watched', { A: { watchedSinceMs: 10 } }, hour + 10, 10],
  ['not yet', { A: { watchedSinceMs: 10 } }, hour + 9, undefined],
  ['from the last batch', { A: { watchedSinceMs: 10, receivedAtMs: 20 } }, hour + 20, 20],
  [
    'a batch of long before it was watched does not count',
    { A: { watchedSinceMs: 10, receivedAtMs: 5 } },
    hour + 9,
    undefined,
  ],
  ['not known to be watched', { A: { receivedAtMs: 5 } }, 9 * hour, undefined],
])('silence: %s', (_, heard, nowMs, sinceMs) => {
  expect(silences(bundle({ A: hour, B: undefined }), heard, nowMs).map((silence) => silence.sinceMs)).toEqual(
    sinceMs === undefined ? [] : [sinceMs],
  );
});
