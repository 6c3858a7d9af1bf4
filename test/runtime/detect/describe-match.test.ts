import { describe, expect, it } from 'vitest';
import type { Detection, DetectionFunction } from '../../../framework/model/detection.ts';
import type { RuleMatch } from '../../../framework/model/rule-match.ts';
import type { DetectResult } from '../../../framework/runtime/detect/index.ts';
import { openCaseBook } from './case-book.ts';
import { sampleRecord } from './sample-bundle.ts';

const book = openCaseBook();

const yaml: Partial<Detection> = {
  alertTitle: '{user} did it',
  destinations: ['yaml-destination'],
  unique: 'ip',
  context: { member: { from: 'user', type: 'string' }, score: { type: 'bigint' } },
};

const asYaml: Partial<RuleMatch> = {
  title: 'ann@example.com did it',
  level: 'medium',
  dedup: 'ann@example.com',
  description: 'The description.',
  runbook: 'The runbook.',
  references: ['https://example.com/yaml'],
  destinations: ['yaml-destination'],
  context: { member: 'ann@example.com', score: null },
  unique: '192.0.2.1',
};

/** A case whose detection has one function. */
function withFunction(name: DetectionFunction, code: string, changes: Partial<Detection> = {}) {
  const id = book.add({ [name]: code }, { ...yaml, ...changes });
  return (): Promise<DetectResult> => book.run(id, [sampleRecord(0, { user: 'ann@example.com', ip: '192.0.2.1' })]);
}

const fallbacks: readonly (readonly [DetectionFunction, Partial<RuleMatch>])[] = [
  ['title', {}],
  ['level', {}],
  ['dedup', {}],
  ['description', {}],
  ['runbook', {}],
  ['references', {}],
  ['destinations', { destinations: undefined }],
  ['unique', { unique: undefined }],
];

describe('a function that returns a value decides', () => {
  const cases: [DetectionFunction, string, Partial<RuleMatch>][] = [
    ['title', '(event) => event.user + " again"', { title: 'ann@example.com again' }],
    ['level', '() => "critical"', { level: 'critical' }],
    ['dedup', '(event) => event.ip', { dedup: '192.0.2.1' }],
    ['description', '() => "Other."', { description: 'Other.' }],
    ['runbook', '() => "Run."', { runbook: 'Run.' }],
    ['references', '() => ["https://example.org/"]', { references: ['https://example.org/'] }],
    ['destinations', '() => ["a", "b", "a"]', { destinations: ['a', 'b'] }],
    ['destinations', '() => []', { destinations: [] }],
    ['unique', '(event) => event.user', { unique: 'ann@example.com' }],
    ['context', '() => ({ score: "7", more: [1] })', { context: { member: 'ann@example.com', score: 7, more: [1] } }],
    ['title', 'function () { return Object.keys(this).join() }', { title: 'title' }],
  ];
  it.each(cases.map(([name, code, expected]) => ({ name, code, expected, run: withFunction(name, code) })))(
    '$name: $code',
    async ({ expected, run }) => {
      const { matches, errors } = await run();
      expect(matches).toEqual([expect.objectContaining({ ...asYaml, ...expected })]);
      expect(errors).toEqual([]);
    },
  );
});

it.each(
  [...fallbacks.map(([name]) => name), 'context' as const].map((name) => ({
    name,
    run: withFunction(name, '() => undefined'),
  })),
)('$name leaves it to the YAML by returning undefined', async ({ run }) => {
  const { matches, errors } = await run();
  expect(matches).toEqual([expect.objectContaining(asYaml)]);
  expect(errors).toEqual([]);
});

describe('a function that fails falls back, is recorded, and loses no match', () => {
  it.each(
    fallbacks.map(([name, expected]) => ({ name, expected, run: withFunction(name, '(event) => event.no.thing') })),
  )('$name throws', async ({ name, expected, run }) => {
    const { matches, errors } = await run();
    expect(matches).toEqual([expect.objectContaining({ ...asYaml, ...expected })]);
    expect(errors).toEqual([expect.objectContaining({ functionName: name, errorClass: 'TypeError', stage: 'live' })]);
  });

  it.each(fallbacks.map(([name, expected]) => ({ name, expected, run: withFunction(name, '() => 7') })))(
    '$name returns a wrong type',
    async ({ name, expected, run }) => {
      const { matches, errors } = await run();
      const message = expect.stringMatching(new RegExp(`^${name} returned 7; expected `));
      expect(matches).toEqual([expect.objectContaining({ ...asYaml, ...expected })]);
      expect(errors).toEqual([expect.objectContaining({ functionName: name, errorClass: 'WrongReturnType', message })]);
    },
  );

  const context = withFunction('context', '() => { throw new RangeError("too far") }');
  it('context throws: the columns of the YAML stay, beside the error', async () => {
    const { matches, errors } = await context();
    expect(matches[0]?.context).toEqual({ member: 'ann@example.com', score: null, _error: 'RangeError: too far' });
    expect(errors).toEqual([expect.objectContaining({ functionName: 'context', errorClass: 'RangeError' })]);
  });

  const dedup = withFunction('dedup', '() => { throw 1 }', { dedup: { by: [], periodMs: 1 } });
  it('dedup throws and the YAML has no dedup.by: the title', async () => {
    expect((await dedup()).matches[0]?.dedup).toBe('ann@example.com did it');
  });

  const cases: [string, DetectionFunction, string][] = [
    ['"high!"', 'level', 'one of informational, low, medium, high, critical'],
    ['""', 'title', 'a text that is not empty'],
    ['[1]', 'destinations', 'an array of texts'],
    ['null', 'context', 'an object'],
  ];
  it.each(
    cases.map(([value, name, expected]) => ({ value, name, expected, run: withFunction(name, `() => (${value})`) })),
  )('returning $value from $name is of a wrong type', async ({ expected, run }) => {
    const message = expect.stringContaining(expected);
    expect((await run()).errors).toEqual([expect.objectContaining({ errorClass: 'WrongReturnType', message })]);
  });
});

describe('what is returned is bounded', () => {
  const title = withFunction('title', '() => "x".repeat(998) + "😀😀"');
  it('a title is cut at 1,000 characters', async () => {
    const { matches, errors } = await title();
    expect(matches[0]?.title).toBe(`${'x'.repeat(998)}…`);
    expect(errors).toEqual([]);
  });

  const longKeys = ['a', 'b'].map((end) => withFunction('dedup', `() => "x".repeat(2000) + "${end}"`));
  it('long dedup keys stay distinct', async () => {
    const keys = await Promise.all(longKeys.map(async (run) => (await run()).matches[0]?.dedup));
    expect(keys.map((key) => key?.length)).toEqual([1_000, 1_000]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it.each(
    (['references', 'destinations'] as const).map((name) => ({
      name,
      run: withFunction(name, '() => Array.from({ length: 12 }, (_, i) => "d" + i)'),
    })),
  )('ten $name are kept', async ({ name, run }) => {
    const { matches, errors } = await run();
    expect(matches[0]?.[name]).toHaveLength(10);
    expect(errors).toEqual([expect.objectContaining({ functionName: name, errorClass: 'LimitExceeded' })]);
  });

  const bigContext = withFunction('context', '() => ({ big: "x".repeat(210_000) })');
  it('a context of more than 200 KiB is replaced by an error', async () => {
    const { matches, errors } = await bigContext();
    expect(matches[0]?.context).toMatchObject({ _error: expect.stringContaining('LimitExceeded') });
    expect(errors).toEqual([expect.objectContaining({ functionName: 'context', errorClass: 'LimitExceeded' })]);
  });

  const bigYaml = book.add({}, { context: { all: { from: 'nested', type: 'json' } } });
  it('so is one that the YAML fills', async () => {
    const { matches } = await book.run(bigYaml, [sampleRecord(0, { nested: { text: 'x'.repeat(210_000) } })]);
    expect(matches[0]?.context).toEqual({ _error: expect.stringContaining('at most 204800') });
  });
});
