import { describe, expect, it } from 'vitest';
import type { EventExpectation, EventTest } from '../../../framework/model/content-test.ts';
import type { Detection } from '../../../framework/model/detection.ts';
import { runEventTests } from '../../../framework/runtime/detect/index.ts';
import { openDetector } from './detect-once.ts';
import { sampleDetection, sampleRecord } from './sample-bundle.ts';

function eventTest(expect: EventExpectation, log: unknown = sampleRecord(0, { user: 'ann@example.com' })): EventTest {
  return { kind: 'event', name: 'a test', logType: 'Test.Log', log, expect, where: { file: 'a.yml', line: 1, col: 1 } };
}

async function runTests(detections: readonly Detection[], code?: string, hangMs = 1_000) {
  const detector = await openDetector(code === undefined ? { detections } : { detections, code }, { hangMs });
  return runEventTests(detector, detections);
}

const declared: Partial<Detection> = {
  alertTitle: '{user} signed in',
  context: { member: { from: 'user', type: 'string' } },
  destinations: [],
};

describe('an event test passes when everything that it names is so', () => {
  it.each<[EventExpectation]>([
    [{ match: true }],
    [{ match: true, title: 'ann@example.com signed in', level: 'medium', dedup: 'ann@example.com' }],
    [{ match: true, destinations: [], context: { member: 'ann@example.com' } }],
    [{ match: true, description: 'The description.', runbook: 'The runbook.' }],
  ])('%j', async (expectation) => {
    const results = await runTests([sampleDetection({ ...declared, tests: [eventTest(expectation)] })]);
    expect(results).toEqual([expect.objectContaining({ passed: true, differences: [], errors: [] })]);
  });

  it('and says what is not', async () => {
    const expectation: EventExpectation = {
      match: true,
      title: 'Other',
      level: 'high',
      destinations: ['slack'],
      context: { member: 'bob@example.com', more: 1 },
      unique: 'x',
    };
    const [result] = await runTests([sampleDetection({ ...declared, tests: [eventTest(expectation)] })]);
    expect(result).toMatchObject({ detectionId: 'test/sample', passed: false });
    expect(result?.differences).toEqual([
      { field: 'title', expected: 'Other', actual: 'ann@example.com signed in' },
      { field: 'level', expected: 'high', actual: 'medium' },
      { field: 'destinations', expected: ['slack'], actual: [] },
      { field: 'unique', expected: 'x', actual: undefined },
      { field: 'context.member', expected: 'bob@example.com', actual: 'ann@example.com' },
      { field: 'context.more', expected: 1, actual: undefined },
    ]);
  });

  it('a match that is not, or should not be, is the one difference', async () => {
    const never = sampleDetection({
      id: 'test/never',
      condition: { kind: 'or', of: [] },
      tests: [eventTest({ match: true, title: 'x' }), eventTest({ match: false })],
    });
    const always = sampleDetection({ tests: [eventTest({ match: false })] });
    const results = await runTests([never, always]);
    expect(results.map((result) => result.differences)).toEqual([
      [{ field: 'match', expected: true, actual: false }],
      [],
      [{ field: 'match', expected: false, actual: true }],
    ]);
  });
});

describe('an event test fails', () => {
  it('when a function throws, though production would fall back', async () => {
    const detection = sampleDetection({ functions: ['title'], tests: [eventTest({ match: true })] });
    const [result] = await runTests([detection], `{ 'test/sample': { title: (event) => event.no.thing } }`);
    expect(result).toMatchObject({ passed: false, differences: [], errors: [{ functionName: 'title' }] });
  });

  it('when rule throws, even where no match is expected', async () => {
    const detection = sampleDetection({ functions: ['rule'], tests: [eventTest({ match: false })] });
    const [result] = await runTests([detection], `{ 'test/sample': { rule: (event) => event.no.thing } }`);
    expect(result).toMatchObject({ passed: false, differences: [], errors: [{ functionName: 'rule' }] });
  });

  it('when its record is no event, whatever it expects', async () => {
    const broken = { ...sampleRecord(0), time: 'never' };
    const tests = [eventTest({ match: false }, broken), eventTest({ match: true }, broken)];
    const results = await runTests([sampleDetection({ tests })]);
    for (const result of results) {
      expect(result).toMatchObject({ passed: false, differences: [{ field: 'log', expected: 'an event' }] });
    }
  });

  it('when a function hangs, in it or in a test before', async () => {
    const tests = ['a', 'hang', 'b'].map((user) => eventTest({ match: false }, sampleRecord(0, { user })));
    const other = sampleDetection({ id: 'test/other', tests: [eventTest({ match: true })] });
    const results = await runTests(
      [sampleDetection({ functions: ['rule'], tests }), other],
      `{ 'test/sample': { rule: (event) => { while (event.user === 'hang'); return false } } }`,
      150,
    );
    expect(results.map((result) => result.passed)).toEqual([true, false, false, true]);
    expect(results.flatMap((result) => result.errors.map((error) => error.errorClass))).toEqual(['Timeout', 'Timeout']);
  });
});

it('a detection that is off is tested too; timelines are left to others', async () => {
  const timeline = {
    kind: 'timeline',
    name: 't',
    now: '',
    steps: [],
    where: { file: 'a.yml', line: 1, col: 1 },
  } as const;
  const results = await runTests([sampleDetection({ mode: 'off', tests: [timeline, eventTest({ match: true })] })]);
  expect(results.map((result) => result.passed)).toEqual([true]);
});

it('thousands of tests are a matter of seconds', async () => {
  const detections = Array.from({ length: 1_000 }, (_, index) =>
    sampleDetection({
      id: `test/number-${index}`,
      functions: ['rule'],
      tests: [eventTest({ match: true }), eventTest({ match: true }), eventTest({ match: false }, sampleRecord(1))],
    }),
  );
  const members = detections.map(({ id }) => `'${id}': { rule: (event) => event.user === 'ann@example.com' }`);
  const detector = await openDetector({ detections, code: `{ ${members.join(', ')} }` });
  const startedAtMs = performance.now();
  const results = await runEventTests(detector, detections);
  expect(results.filter((result) => result.passed)).toHaveLength(3_000);
  expect(performance.now() - startedAtMs).toBeLessThan(8_000);
});
