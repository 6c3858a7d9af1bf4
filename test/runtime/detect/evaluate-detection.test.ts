import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../framework/model/condition.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import { stableId } from '../../../framework/model/stable-id.ts';
import { openCaseBook } from './case-book.ts';
import { detectOnce, openDetector } from './detect-once.ts';
import { sampleBatch, sampleDetection, sampleRecord, sampleRecords } from './sample-bundle.ts';

const book = openCaseBook();
const annSignsIn: Condition = {
  kind: 'field',
  field: 'user',
  test: { op: 'pattern', parts: ['ann@example.com'], cased: false },
};
const ann = sampleRecord(0, { user: 'Ann@example.com', ip: '192.0.2.1' });
const bob = sampleRecord(1, { user: 'bob@example.com' });

describe('an event matches when condition and rule both hold', () => {
  const cases: [string, Partial<Detection>, string | undefined, boolean][] = [
    ['neither is there', {}, undefined, true],
    ['the condition holds', { condition: annSignsIn }, undefined, true],
    ['the condition does not', { condition: { kind: 'not', of: annSignsIn } }, undefined, false],
    ['rule returns true', {}, '() => true', true],
    ['rule returns false', {}, '() => false', false],
    ['both hold', { condition: annSignsIn }, '(event) => event.user.startsWith("Ann")', true],
    ['rule alone holds', { condition: { kind: 'not', of: annSignsIn } }, '() => true', false],
    ['the condition alone holds', { condition: annSignsIn }, '() => false', false],
  ];
  it.each(
    cases.map(([when, changes, rule, expected]) => ({ when, expected, id: book.add(rule ? { rule } : {}, changes) })),
  )('$when: $expected', async ({ id, expected }) => {
    const { matches, errors } = await book.run(id, [ann]);
    expect(matches).toHaveLength(expected ? 1 : 0);
    expect(errors).toEqual([]);
  });

  const notAsked = book.add({ rule: '() => { throw 1 }' }, { condition: annSignsIn });
  it('rule is not asked where the condition does not hold', async () => {
    const { errors } = await book.run(notAsked, [ann, bob]);
    expect(errors.map((error) => error.eventTimeMs)).toEqual([Date.UTC(2026, 0, 1)]);
  });
});

describe('a rule that does not return a boolean is no match, and an error', () => {
  const cases: [string, string, string][] = [
    ["() => 'true'", 'WrongReturnType', 'rule returned "true"; expected true or false.'],
    ['() => 1', 'WrongReturnType', 'rule returned 1; expected true or false.'],
    ['() => undefined', 'WrongReturnType', 'rule returned undefined; expected true or false.'],
    ['() => null', 'WrongReturnType', 'rule returned null; expected true or false.'],
    ['async () => true', 'WrongReturnType', 'It returned a promise: it must not be async.'],
    ['(event) => event.nested.list.length > 0', 'TypeError', "Cannot read properties of undefined (reading 'list')"],
    ["() => { throw new RangeError('far') }", 'RangeError', 'far'],
  ];
  it.each(cases.map(([rule, errorClass, message]) => ({ rule, errorClass, message, id: book.add({ rule }) })))(
    '$rule',
    async ({ id, errorClass, message }) => {
      const { matches, errors } = await book.run(id, [ann]);
      expect(matches).toEqual([]);
      expect(errors).toEqual([
        {
          errorId: stableId(id, 'rule', errors[0]?.rowId ?? '', errorClass),
          ruleId: id,
          ruleFirstId: id,
          ruleVersion: 'sha256:1',
          stage: 'live',
          functionName: 'rule',
          errorClass,
          message,
          rowId: expect.stringMatching(/^[0-9a-f]{32}$/),
          logType: 'Test.Log',
          eventTimeMs: Date.UTC(2026, 0, 1),
        },
      ]);
    },
  );

  const throwing = book.add({ rule: "() => { throw new Error('always') }" });
  it('on every event: ten are kept, and the rest counted', async () => {
    const { errors, eventCount } = await book.run(throwing, sampleRecords(100));
    expect(eventCount).toBe(100);
    expect(errors.map((error) => error.message)).toEqual([
      ...Array(9).fill('always'),
      'always (and 90 more like it in this batch)',
    ]);
  });
});

describe('a match', () => {
  it('says what it is of, by ids that no deploy changes', async () => {
    const detection = sampleDetection({ firstId: 'old/name', aliases: ['old/name'] });
    const { matches } = await detectOnce({ detections: [detection] }, [ann]);
    const [match] = matches;
    expect(match).toMatchObject({
      matchId: stableId('old/name', 'live', match?.rowId ?? ''),
      ruleId: 'test/sample',
      ruleFirstId: 'old/name',
      ruleVersion: 'sha256:1',
      logType: 'Test.Log',
      eventTimeMs: Date.UTC(2026, 0, 1),
      indicators: { p_any_ip_addresses: ['192.0.2.1'] },
      event: { uuid: 'event-0', user: 'Ann@example.com', p_log_type: 'Test.Log' },
    });
  });

  it.each([
    ['live', ['live']],
    ['shadow', ['shadow']],
    ['off', []],
  ] as const)('of a detection in mode %s has stage %j', async (mode, stages) => {
    const { matches } = await detectOnce({ detections: [sampleDetection({ mode })] }, [ann]);
    expect(matches.map((match) => match.stage)).toEqual(stages);
  });

  const again = book.add({});
  it('is one, however often the event comes in a batch', async () => {
    const { matches, eventCount } = await book.run(again, [ann, bob, ann, ann]);
    expect(matches.map((match) => match.event.uuid)).toEqual(['event-0', 'event-1']);
    expect(eventCount).toBe(4);
  });

  const keys: [readonly string[], string][] = [
    [['user'], 'Ann@example.com'],
    [['n'], '7'],
    [['gone'], '<gone>'],
    [['user', 'gone', 'n'], '["Ann@example.com","<gone>","7"]'],
    [['nested'], '{"a":1,"b":2}'],
    [[], 'Sample'],
  ];
  it.each(keys.map(([by, expected]) => ({ by, expected, id: book.add({}, { dedup: { by, periodMs: 1 } }) })))(
    'with dedup.by $by has the key $expected',
    async ({ id, expected }) => {
      const record = { ...ann, n: 7, nested: { b: 2, a: 1 } };
      expect((await book.run(id, [record])).matches[0]?.dedup).toBe(expected);
    },
  );
});

describe('a batch', () => {
  it('is read by the detections of its log type alone', async () => {
    const other = sampleDetection({ id: 'test/other', source: { kind: 'events', logTypes: ['Other.Log'] } });
    const { matches } = await detectOnce({ detections: [other, sampleDetection()] }, [ann]);
    expect(matches.map((match) => match.ruleId)).toEqual(['test/sample']);
  });

  it('keeps its good records when one is broken', async () => {
    const detector = await openDetector({ detections: [sampleDetection()] });
    const lines = [JSON.stringify(ann), '{"uuid": "broken', JSON.stringify(bob)];
    const result = await detector.processBatch({ ...sampleBatch([]), body: Buffer.from(lines.join('\n')) });
    expect(result.matches.map((match) => match.event.uuid)).toEqual(['event-0', 'event-1']);
    expect(result.deadLetters).toEqual([expect.objectContaining({ index: 1, batchKey: 'batch-1' })]);
  });

  it('of a log type that the bundle lacks is set aside', async () => {
    const detector = await openDetector({ detections: [sampleDetection()] });
    const result = await detector.processBatch({ ...sampleBatch([ann]), logType: 'Gone.Log' });
    expect(result).toMatchObject({
      matches: [],
      eventCount: 0,
      deadLetters: [{ code: 'DETECT_LOG_TYPE_UNKNOWN', logType: 'Gone.Log', preview: JSON.stringify(ann) }],
    });
  });

  it('can be kept to some detections, those that are off included', async () => {
    const detections = [sampleDetection(), sampleDetection({ id: 'test/off', mode: 'off' })];
    const detector = await openDetector({ detections });
    const { matches } = await detector.processBatch(sampleBatch([ann]), { only: ['test/off'] });
    expect(matches.map((match) => [match.ruleId, match.stage])).toEqual([['test/off', 'shadow']]);
    await expect(detector.processBatch(sampleBatch([ann]), { only: ['test/gone'] })).rejects.toMatchObject({
      code: 'DETECT_DETECTION_UNKNOWN',
    });
  });

  it('is left as it was: its body can be sent again', async () => {
    const detector = await openDetector({ detections: [sampleDetection()] });
    const batch = sampleBatch([ann]);
    const text = Buffer.from(batch.body).toString();
    await detector.processBatch(batch);
    expect(Buffer.from(batch.body).toString()).toBe(text);
  });
});

it('context columns are of the types that they declare', async () => {
  const columns: [string, unknown, unknown][] = [
    ['string', 5, '5'],
    ['string', { a: 1 }, '{"a":1}'],
    ['bigint', '42', 42],
    ['bigint', 1.5, null],
    ['bigint', '9007199254740993', null],
    ['double', '1.5e3', 1_500],
    ['double', '0x10', null],
    ['double', true, null],
    ['boolean', 'true', true],
    ['boolean', 'yes', null],
    ['timestamp', '2026-01-01T00:00:00+02:00', '2025-12-31T22:00:00.000Z'],
    ['timestamp', '2026-01-01 00:00:00', '2026-01-01T00:00:00.000Z'],
    ['timestamp', 1_767_225_600, '2026-01-01T00:00:00.000Z'],
    ['timestamp', 1_767_225_600_123, '2026-01-01T00:00:00.123Z'],
    ['timestamp', 'soon', null],
    ['json', [1, { a: null }], [1, { a: null }]],
    ['string', null, null],
  ];
  const context = Object.fromEntries(
    columns.map(([type], index) => [`c${index}`, { from: `nested.c${index}`, type: type as 'json' }]),
  );
  const nested = Object.fromEntries(columns.map(([, value], index) => [`c${index}`, value]));
  const { matches } = await detectOnce({ detections: [sampleDetection({ context })] }, [sampleRecord(0, { nested })]);
  const expected = Object.fromEntries(columns.map(([, , value], index) => [`c${index}`, value]));
  expect(matches[0]?.context).toEqual(expected);
});
