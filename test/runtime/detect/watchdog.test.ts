import { describe, expect, it } from 'vitest';
import type { DetectionFunction } from '../../../framework/model/detection.ts';
import type { DetectResult } from '../../../framework/runtime/detect/index.ts';
import { detectOnce, openDetector } from './detect-once.ts';
import { sampleBatch, sampleDetection, sampleRecord, sampleRecords } from './sample-bundle.ts';

const hangMs = 150;
const hangsAt5 = "(event) => { if (event.uuid === 'event-5') for (;;); return %; }";

/** A detection that hangs at event 5, and one that matches everything. */
function hanging(name: DetectionFunction, value: string) {
  return {
    detections: [
      sampleDetection({ id: 'test/good' }),
      sampleDetection({ id: 'test/hanging', functions: [name] }),
      sampleDetection({ id: 'test/last', mode: 'shadow' }),
    ],
    code: `{ 'test/hanging': { ${name}: ${hangsAt5.replace('%', value)} } }`,
  };
}

/** Rule id → the events that it matched. */
function matchedEvents(results: readonly DetectResult[]): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  for (const match of results.flatMap((result) => result.matches)) {
    found[match.ruleId] ??= [];
    found[match.ruleId]?.push(match.event.uuid);
  }
  return found;
}

const range = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => `event-${from + index}`);

describe('a detection that hangs is quarantined, and everything else goes on', () => {
  it('in rule: the event is no match of it, later ones are not evaluated by it', async () => {
    const detector = await openDetector(hanging('rule', 'true'), { hangMs });
    const records = sampleRecords(40);
    const results = await Promise.all(
      [0, 10, 20, 30].map((from) =>
        detector.processBatch(sampleBatch(records.slice(from, from + 10), `batch-${from}`)),
      ),
    );
    expect(matchedEvents(results)).toEqual({
      'test/good': range(0, 40),
      'test/hanging': range(0, 5),
      'test/last': range(0, 40),
    });
    expect(results.map((result) => result.eventCount)).toEqual([10, 10, 10, 10]);
    expect(results.flatMap((result) => result.errors)).toEqual([
      expect.objectContaining({
        ruleId: 'test/hanging',
        functionName: 'rule',
        errorClass: 'Timeout',
        message: "'rule' did not return within 150 ms.",
      }),
    ]);
    expect(results[0]?.quarantined).toEqual([
      {
        ruleId: 'test/hanging',
        version: 'sha256:1',
        reason:
          "'rule' did not return within 150 ms. It is stopped until it changes, or somebody lifts the quarantine.",
        quarantinedAtMs: Date.UTC(2026, 0, 3),
      },
    ]);
    expect(results.slice(1).flatMap((result) => result.quarantined)).toEqual([]);
    expect(results.map((result) => result.stopped)).toEqual(Array(4).fill(['test/hanging']));
  });

  it('in title: the match is kept, with the title of the YAML', async () => {
    const detector = await openDetector(hanging('title', "'from code'"), { hangMs });
    const { matches, quarantined } = await detector.processBatch(sampleBatch(sampleRecords(8)));
    const titles = matches.filter((match) => match.ruleId === 'test/hanging').map((match) => match.title);
    expect(titles).toEqual([...Array(5).fill('from code'), 'Sample']);
    expect(quarantined).toHaveLength(1);
  });

  it('in two functions one after the other: both fall back', async () => {
    const content = {
      detections: [sampleDetection({ functions: ['title', 'level'] })],
      code: `{ 'test/sample': { title: () => { for (;;); }, level: () => { for (;;); } } }`,
    };
    const detector = await openDetector(content, { hangMs });
    const { matches, errors, quarantined } = await detector.processBatch(sampleBatch([sampleRecord(0)]));
    expect(matches).toEqual([expect.objectContaining({ title: 'Sample', level: 'medium' })]);
    expect(errors.map((error) => error.functionName)).toEqual(['title', 'level']);
    expect(quarantined).toHaveLength(1);
  });

  it('in a condition that takes too long over an enormous event', async () => {
    const parts = ['a', { wild: 'many' }, 'b', { wild: 'many' }, 'c'] as const;
    const keyword = {
      kind: 'keyword',
      test: { op: 'pattern', parts: [{ wild: 'many' }, ...parts], cased: false },
    } as const;
    const content = {
      detections: [
        sampleDetection({ condition: { kind: 'or', of: Array(2_000).fill(keyword) } }),
        sampleDetection({ id: 'test/good' }),
      ],
    };
    const detector = await openDetector(content, { hangMs });
    const record = sampleRecord(0, { text: Array(5_000).fill('ab'.repeat(50)) });
    const { matches, errors } = await detector.processBatch(sampleBatch([record]));
    expect(matches.map((match) => match.ruleId)).toEqual(['test/good']);
    expect(errors).toEqual([expect.objectContaining({ functionName: 'condition', errorClass: 'Timeout' })]);
  });

  it('while it tells of an error', async () => {
    const content = {
      detections: [sampleDetection({ functions: ['rule'] })],
      code: `{ 'test/sample': { rule: () => { throw { get message() { for (;;); } } } } }`,
    };
    const detector = await openDetector(content, { hangMs });
    const { errors } = await detector.processBatch(sampleBatch([sampleRecord(0)]));
    expect(errors).toEqual([expect.objectContaining({ functionName: 'rule', errorClass: 'Timeout' })]);
  });

  it('the same batch again gives the same result again', async () => {
    const detector = await openDetector(hanging('rule', 'true'), { hangMs });
    const batch = sampleBatch(sampleRecords(10));
    const first = await detector.processBatch(batch);
    expect(await detector.processBatch(batch)).toEqual(first);
  });

  it('over the rows of a query', async () => {
    const content = hanging('rule', 'true');
    const detector = await openDetector(content, { hangMs });
    const rows = sampleRecords(8);
    const input = { queryId: 'test/query', detectionId: 'test/hanging', scheduledAtMs: 0, rows };
    const { matches, quarantined, stopped } = await detector.processRows(input);
    expect(matches).toHaveLength(5);
    expect(quarantined).toHaveLength(1);
    expect(stopped).toEqual(['test/hanging']);
    const later = await detector.processRows({ ...input, scheduledAtMs: 1 });
    expect(later).toMatchObject({ eventCount: 0, errors: [], stopped: ['test/hanging'] });
  });
});

it('a regular expression that backtracks without end ends', async () => {
  const { matches, errors } = await detectOnce(
    {
      detections: [sampleDetection({ functions: ['rule'] })],
      code: `{ 'test/sample': { rule: (event) => !/^(\\w+\\s?)+:$/.test(event.user) } }`,
    },
    [sampleRecord(0, { user: 'a'.repeat(60) })],
  );
  expect(errors).toEqual([]);
  expect(matches).toHaveLength(1);
});

describe('a quarantined detection', () => {
  const content = { detections: [sampleDetection(), sampleDetection({ id: 'test/good' })] };
  it.each([
    ['does not run in the version that was stopped, which is told', 'sha256:1', ['test/good'], ['test/sample']],
    ['runs in another version', 'sha256:0', ['test/sample', 'test/good'], []],
  ])('%s', async (_title, version, expected, told) => {
    const detector = await openDetector(content, { quarantined: new Map([['test/sample', version]]) });
    const { matches, stopped } = await detector.processBatch(sampleBatch([sampleRecord(0)]));
    expect(matches.map((match) => match.ruleId)).toEqual(expected);
    expect(stopped).toEqual(told);
    const only = await detector.processBatch(sampleBatch([sampleRecord(0)], 'two'), { only: ['test/good'] });
    expect(only.stopped).toEqual([]);
  });

  it('over a query tells that its empty result is no result', async () => {
    const scheduled = sampleDetection({ source: { kind: 'query', query: 'test/query' } });
    const quarantined = new Map([['test/sample', 'sha256:1']]);
    const detector = await openDetector({ detections: [scheduled] }, { quarantined });
    const input = { queryId: 'test/query', detectionId: 'test/sample', scheduledAtMs: 0, rows: sampleRecords(2) };
    expect(await detector.processRows(input)).toMatchObject({ matches: [], errors: [], stopped: ['test/sample'] });
  });
});

describe('a worker that runs out of memory', () => {
  const eats = '{ const all = []; for (;;) all.push(Array(500_000).fill(all.length)); }';

  it('is replaced, and the detection that does it again is quarantined', async () => {
    const content = {
      detections: [sampleDetection({ id: 'test/good' }), sampleDetection({ functions: ['rule'] })],
      code: `{ 'test/sample': { rule: () => ${eats} } }`,
    };
    const detector = await openDetector(content, { maxHeapMb: 32, hangMs: 15_000 });
    const result = await detector.processBatch(sampleBatch(sampleRecords(3)));
    expect(matchedEvents([result])).toEqual({ 'test/good': range(0, 3) });
    expect(result.errors).toEqual([expect.objectContaining({ functionName: 'rule', errorClass: 'OutOfMemory' })]);
    expect(result.quarantined).toHaveLength(1);
  });

  it('while it loads is reported', async () => {
    const content = { detections: [sampleDetection()], code: `(() => ${eats})()` };
    await expect(openDetector(content, { maxHeapMb: 32, hangMs: 15_000 })).rejects.toMatchObject({
      code: 'DETECT_WORKER_DIED',
      message: expect.stringContaining('memory'),
    });
  });

  it('over a batch that is too big sets the batch aside', async () => {
    const detector = await openDetector({ detections: [sampleDetection()] }, { maxHeapMb: 16, hangMs: 15_000 });
    const enormous = sampleRecords(6).map((record) => ({ ...record, nested: Array(300_000).fill({}) }));
    const big = sampleBatch(enormous, 'big');
    const result = await detector.processBatch(big);
    expect(result.deadLetters).toEqual([
      expect.objectContaining({ code: 'DETECT_EVALUATION_FAILED', batchKey: 'big', index: 0 }),
    ]);
    expect((await detector.processBatch(sampleBatch([sampleRecord(0)], 'next'))).matches).toHaveLength(1);
  });
});

describe('a bundle whose code does not load is refused', () => {
  it.each([
    ['it does not parse', '{ nonsense: }', 'DETECT_LOAD_FAILED', 'SyntaxError'],
    ['it throws', "(() => { throw new TypeError('at the top') })()", 'DETECT_LOAD_FAILED', 'TypeError: at the top'],
    ['it lacks a function', "{ 'test/sample': { title: () => '' } }", 'DETECT_LOAD_FAILED', 'test/sample: rule'],
    ['it lacks everything', 'undefined', 'DETECT_LOAD_FAILED', 'test/sample: rule'],
    ['it imports', "{ 'test/sample': { rule: () => import('node:fs') } }", 'DETECT_LOAD_FAILED', 'import()'],
    ['it loops', '(() => { for (;;); })()', 'DETECT_LOAD_TIMEOUT', 'did not finish loading'],
    ['its promises loop', 'Promise.resolve()', 'DETECT_LOAD_FAILED', 'Promise is not defined'],
    ['its async code loops', '(async () => { await 1; for (;;); })()', 'DETECT_LOAD_TIMEOUT', 'did not finish loading'],
  ])('%s', async (_why, code, error, message) => {
    const content = { detections: [sampleDetection({ functions: ['rule'] })], code };
    await expect(openDetector(content, { hangMs: 50 })).rejects.toMatchObject({
      code: error,
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  it('but the word import may stand in it', async () => {
    const { matches } = await detectOnce(
      {
        detections: [sampleDetection({ functions: ['rule'] })],
        code: `{ 'test/sample': { rule: (event) => /* import('x') */ event.import === undefined && 'import("y")' !== '' } }`,
      },
      [sampleRecord(0)],
    );
    expect(matches).toHaveLength(1);
  });
});

describe('a detector that is closed', () => {
  it('ends what is on its way, and rejects what comes later', async () => {
    const detector = await openDetector({ detections: [sampleDetection()] });
    const waiting = [1, 2].map((n) => detector.processBatch(sampleBatch(sampleRecords(10), `batch-${n}`)));
    const closing = detector.close();
    await expect(detector.processBatch(sampleBatch([]))).rejects.toMatchObject({ code: 'DETECT_CLOSED' });
    expect((await Promise.all(waiting)).map((result) => result.matches.length)).toEqual([10, 10]);
    await closing;
    await expect(detector.processBatch(sampleBatch([]))).rejects.toMatchObject({ code: 'DETECT_CLOSED' });
  });

  it('ends though something on its way hangs', async () => {
    const detector = await openDetector(hanging('rule', 'true'), { hangMs });
    const waiting = detector.processBatch(sampleBatch(sampleRecords(10)));
    await detector.close();
    expect((await waiting).quarantined).toHaveLength(1);
  });
});
