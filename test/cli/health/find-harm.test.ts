import { expect, it } from 'vitest';
import { changedLogic, findHarm } from '../../../framework/cli/health/find-harm.ts';
import type { Bundle } from '../../../framework/model/bundle.ts';
import type { StatusReport } from '../../../framework/runtime/api/index.ts';

const bundle = (detections: Readonly<Record<string, string>>, logTypes: readonly string[] = []): Bundle =>
  ({
    ...{ lookups: [], logTypes: logTypes.map((name) => ({ name })), queries: [{ id: 'q', version: '1' }] },
    detections: Object.entries(detections).map(([id, version]) => ({ id, version })),
  }) as unknown as Bundle;
const none: ReadonlySet<string> = new Set();
const before = bundle({ a: '1', b: '1' });
const changed = changedLogic(before, bundle({ a: '1', b: '2', c: '1' }));

const status = (parts: Partial<StatusReport>): StatusReport =>
  ({
    ...{ live: { activatedAtMs: 100 }, consumers: [], quarantined: [], ruleErrors: [], queries: [] },
    ...parts,
  }) as unknown as StatusReport;

it('what has another version is changed, and everything when a log type is', () => {
  expect([...changed.detections.keys()]).toEqual(['b', 'c']);
  expect([...changed.queries.keys()]).toEqual([]);
  const all = changedLogic(before, bundle({ a: '1', b: '1' }, ['Acme.Vpn']));
  expect([...all.detections.keys(), ...all.queries.keys()]).toEqual(['a', 'b', 'q']);
  expect([...changedLogic(undefined, before).detections.keys()]).toEqual(['a', 'b']);
});

it('errors of what was changed are harm, those of the version before and of others are not', () => {
  const ruleErrors = [
    { ruleId: 'a', version: '1', count: 5 },
    { ruleId: 'b', version: '1', count: 5 },
    { ruleId: 'b', version: '2', count: 3 },
    { ruleId: 'c', version: '1', count: 1 },
  ];
  expect(findHarm(status({ ruleErrors }), changed, none)).toEqual([
    'b failed 3 times: see rule_errors',
    'c failed once: see rule_errors',
  ]);
});

it('so is a detection that hangs, a query that fails since then, and a consumer that is stuck', () => {
  const quarantined = ['a', 'b'].map((ruleId) => ({ ruleId, version: '2', reason: 'It hangs.', quarantinedAtMs: 200 }));
  const consumers = [{ name: 'lake', position: 1, idle: false, stalledBy: 'no space' }];
  const everything = changedLogic(undefined, before);
  const queries = (startedAtMs: number) =>
    [{ queryId: 'q', nextAtMs: null, lastRun: { status: 'failed', error: 'E', startedAtMs } }] as never;
  expect(findHarm(status({ consumers }), changed, none)).toEqual([]);
  expect(findHarm(status({ quarantined, consumers }), changed, new Set(['lake']))).toEqual([
    'lake is stuck: no space',
    'b is stopped: It hangs.',
  ]);
  expect(findHarm(status({ queries: queries(50) }), everything, none)).toEqual([]);
  expect(findHarm(status({ queries: queries(150) }), everything, none)).toEqual([
    'the run of q failed: see query_runs',
  ]);
  expect(findHarm(status({ queries: queries(150) }), changed, none)).toEqual([]);
});
