import { afterEach, describe, expect, it } from 'vitest';
import { openTrial, type TrialProcess } from '../../../../framework/runtime/services/backtest/trial-client.ts';
import type { TrialSetup } from '../../../../framework/runtime/services/backtest/trial-message.ts';
import { sampleBundle, sampleDetection } from '../../detect/sample-bundle.ts';

const open: TrialProcess[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((trial) => trial.close()));
});

const id = 'test/sample';

/** Tries one rule, given as TypeScript, over so many events of one day. */
async function tryRule(rule: string, count: number, setup: Partial<TrialSetup> = {}, timeoutMs = 30_000) {
  const bundle = sampleBundle({
    detections: [sampleDetection({ functions: ['rule'] })],
    code: `{ '${id}': { rule: ${rule} } }`,
  });
  const trial = await openTrial(
    {
      bundles: { after: bundle },
      pairs: [{ after: id }],
      keep: 'values',
      returnsMatches: false,
      withValues: false,
      withSamples: false,
      maxMatches: 1_000,
      ...setup,
    },
    { timeoutMs },
  );
  open.push(trial);
  const rows = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      p_row_id: `row-${index}`,
      p_log_type: 'Test.Log',
      p_event_time: `2026-01-01T00:00:${String(index % 60).padStart(2, '0')}.000Z`,
      p_parse_time: '2026-01-02T00:00:00.000Z',
      p_source: '',
      udm: null,
      user: `user-${index % 3}`,
      p_extra: null,
    }),
  );
  await trial.ask({
    kind: 'events',
    events: { pair: 0, logType: 'Test.Log', rows, marks: { after: '1'.repeat(count) } },
  });
  const { trials } = await trial.ask({ kind: 'finish' });
  return trials?.[0];
}

it('counts matches and alerts, each once', async () => {
  const trial = await tryRule('(event) => event.user !== "user-2"', 30);
  expect(trial?.matches).toEqual({ before: null, after: 20, both: 0, onlyBefore: 0, onlyAfter: 20 });
  expect(trial?.alerts).toMatchObject({ after: 2 });
  expect(trial?.days.map(({ day }) => day)).toEqual(['2026-01-01']);
});

/** The shortest ways out of the realm that are known: each must fail, or lead to nothing. */
const attempts: readonly (readonly [name: string, rule: string])[] = [
  ['process by the event', '(event) => { event.constructor.constructor("return process")(); return true; }'],
  [
    'process by an error',
    '() => { try { null.x } catch (e) { e.constructor.constructor("return process")().exit(); } return true; }',
  ],
  ['require', '() => { require("node:fs").readFileSync("/etc/passwd"); return true; }'],
  ['globalThis', '() => { globalThis.process.kill(1); return true; }'],
  ['fetch', '() => { fetch("http://192.0.2.1"); return true; }'],
];

describe('code that wants out', () => {
  it.each(attempts)('by %s gets an error', async (_name, rule) => {
    const trial = await tryRule(rule, 2);
    expect(trial?.matches.after).toBe(0);
    expect(trial?.errors).toMatchObject([{ side: 'after', functionName: 'rule', count: 2 }]);
  });

  it('by a loop without end is stopped, and what came before counts', async () => {
    const trial = await tryRule('(event) => { while (event.p_row_id === "row-5") {} return true; }', 10);
    expect(trial).toMatchObject({ matches: { after: 5 }, stopped: ['after'] });
    expect(trial?.errors).toEqual([{ side: 'after', functionName: 'rule', errorClass: 'Timeout', count: 1 }]);
  });

  it('by taking all memory is stopped', async () => {
    const bomb =
      '(event) => { const all = []; while (event.p_row_id === "row-1") all.push(new Array(1e6).fill(0.5)); return true; }';
    const trial = await tryRule(bomb, 3);
    expect(trial).toMatchObject({ matches: { after: 1 }, stopped: ['after'] });
    expect(trial?.errors[0]?.errorClass).toMatch(/^(OutOfMemory|Timeout)$/);
  });
});

it('a trial that takes too long is ended', async () => {
  const slow = '() => { for (let i = 0; i < 1e8; i++) {} return true; }';
  await expect(tryRule(slow, 2_000, {}, 1_500)).rejects.toMatchObject({ code: 'RUNTIME_TRIAL_FAILED' });
});
