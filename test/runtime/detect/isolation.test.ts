import { describe, expect, it } from 'vitest';
import { openCaseBook } from './case-book.ts';
import { openDetector } from './detect-once.ts';
import { sampleBatch, sampleDetection, sampleRecord } from './sample-bundle.ts';

const book = openCaseBook();
const record = sampleRecord(0, { nested: { list: [{ deep: 1 }] } });

/** A case whose title is what the code finds, as text. */
function findings(code: string) {
  const id = book.add({ title: `(event) => { ${code} }` });
  return async (): Promise<string> => {
    const { matches, errors } = await book.run(id, [record]);
    const [error] = errors;
    return error ? `${error.errorClass}: ${error.message}` : String(matches[0]?.title);
  };
}

describe('content reaches nothing of the host', () => {
  const noCode = /^EvalError: Code generation from strings disallowed/;
  const cases: [string, string, string | RegExp][] = [
    ['the constructor of the event', "return event.constructor.constructor('return process')().version", noCode],
    ['the constructor of a nested value', "return event.nested.list[0].constructor.constructor('return 1')()", noCode],
    ['the constructor of a standard field', "return event.udm.constructor.constructor('return 1')()", noCode],
    ['the constructor of an array', "return event.nested.list.map.constructor('return 1')()", noCode],
    ['an async constructor', "return (async () => {}).constructor('return 1')()", noCode],
    ['a generator constructor', "return (function* () {}).constructor('yield 1')()", noCode],
    ['eval', 'return typeof eval', 'undefined'],
    [
      'a thrown error of the engine',
      "try { null.x } catch (e) { return e.constructor.constructor('return process')() }",
      noCode,
    ],
    [
      'a stack overflow',
      'const f = () => { try { f() } catch (e) { if (!(e instanceof Error)) throw e; throw e } }; ' +
        'try { f() } catch (e) { return String(e instanceof RangeError && e instanceof Error) }',
      'true',
    ],
    ['the stack of an error', "return String(new Error('x').stack)", 'Error: x'],
    [
      'a hook for drawing stacks',
      "'use strict'; Error.prepareStackTrace = () => 1; return 'set'",
      /^TypeError: Cannot add property/,
    ],
    [
      'the caller',
      'return String((function f() { return f.caller.caller })())',
      /^TypeError: 'caller'|^null$|^undefined$/,
    ],
    ['this of a plain function', "return Object.keys((function () { return this })() ?? {}).join() || 'bare'", 'bare'],
  ];
  it.each(cases.map(([way, code, expected]) => ({ way, expected, run: findings(code) })))(
    'by $way',
    async ({ expected, run }) => {
      const found = await run();
      if (typeof expected === 'string') expect(found).toBe(expected);
      else expect(found).toMatch(expected);
    },
  );

  const globals =
    'process require module globalThis.constructor fetch setTimeout setInterval setImmediate queueMicrotask console performance crypto structuredClone Buffer URL TextDecoder WebAssembly SharedArrayBuffer ArrayBuffer Atomics WeakRef FinalizationRegistry Proxy Reflect Promise Intl Function eval escape'
      .split(' ')
      .filter((name) => !name.includes('.'));
  const list = findings(`return ${globals.map((name) => `typeof ${name}`).join(" + ' ' + ")}`);
  it('has no global that is not pure', async () => {
    expect(await list()).toBe(globals.map(() => 'undefined').join(' '));
  });

  const impure: [string, string | RegExp][] = [
    ['return String(Date.now)', 'undefined'],
    ['return String(new Date())', /^TypeError: The time now is not available/],
    ['return String(Date())', /^TypeError: Date\(\) is not available/],
    ['return String(Math.random)', 'undefined'],
    ["/(a)/.test('a'); return String(RegExp.$1)", 'undefined'],
  ];
  it.each(impure.map(([code, expected]) => ({ code, expected, run: findings(code) })))(
    'neither clock nor chance: $code',
    async ({ expected, run }) => expect(await run()).toMatch(expected),
  );
});

describe('dates are the same on every machine', () => {
  const cases: [string, string][] = [
    ["new Date('2026-03-29T02:30:00').toISOString()", '2026-03-29T02:30:00.000Z'],
    ["new Date('2026-03-29T02:30:00+02:00').toISOString()", '2026-03-29T00:30:00.000Z'],
    ["new Date('2026-03-29').toISOString()", '2026-03-29T00:00:00.000Z'],
    ["new Date('Mar 29, 2026 02:30').toISOString()", '2026-03-29T02:30:00.000Z'],
    ['new Date(2026, 2, 29, 2, 30).toISOString()', '2026-03-29T02:30:00.000Z'],
    ["String(new Date('2026-03-29T23:30:00Z').getHours())", '23'],
    ["String(new Date('2026-03-29T23:30:00Z').getDay())", '0'],
    ["String(Date.parse('2026-03-29T02:30:00Z'))", '1774751400000'],
    ["String(new Date('2026-03-29T02:30:00Z') instanceof Date)", 'true'],
    ["String(new Date('2026-03-29T02:30:00Z').getTimezoneOffset())", '0'],
    ["String(new Date('2026-03-29T02:30:00Z'))", 'Sun, 29 Mar 2026 02:30:00 GMT'],
  ];
  it.each(cases.map(([code, expected]) => ({ code, expected, run: findings(`return ${code}`) })))(
    '$code',
    async ({ expected, run }) => expect(await run()).toBe(expected),
  );
});

describe('one detection cannot disturb another', () => {
  const cases: [string, string | RegExp][] = [
    ["event.user = 'eve'; return 'changed'", /^TypeError: Cannot assign to read only property 'user'/],
    ["event.nested.list[0].deep = 2; return 'changed'", /^TypeError: Cannot assign to read only/],
    ["event.added = 1; return 'changed'", /^TypeError: Cannot add property added/],
    ["event.nested.list.push(1); return 'changed'", /^TypeError: Cannot add property 1/],
    ["Array.prototype.map = 1; return 'changed'", /^TypeError: Cannot assign to read only property 'map'/],
    ["Object.prototype.toString = 1; return 'changed'", /^TypeError: 'toString' of a built-in object/],
    ["Object.prototype.polluted = 1; return 'changed'", /^TypeError: Cannot add property polluted/],
    ["String.prototype.slice = () => 'x'; return 'changed'", /^TypeError: Cannot assign to read only/],
    ["JSON.stringify = () => 'x'; return 'changed'", /^TypeError: Cannot assign to read only/],
    ["globalThis.Object = 1; return 'changed'", /^TypeError: Cannot assign to read only property 'Object'/],
    ["(function* () {}).prototype.__proto__.next = 1; return 'changed'", /^TypeError: Cannot (assign|add)/],
    ["Object.getPrototypeOf([].values()).next = 1; return 'changed'", /^TypeError: Cannot assign to read only/],
  ];
  it.each(cases.map(([code, expected]) => ({ code, expected, run: findings(`'use strict'; ${code}`) })))(
    '$code',
    async ({ expected, run }) => expect(await run()).toMatch(expected),
  );

  const ordinary: [string, string][] = [
    [
      "const counts = {}; counts['constructor'] = 1; counts.toString = 2; return Object.keys(counts).join()",
      'constructor,toString',
    ],
    [
      "class Refused extends Error { constructor() { super('no'); this.name = 'Refused' } } return String(new Refused())",
      'Refused: no',
    ],
    ["return [...new Map([['a', 1]]).keys()].join() + [3, 1, 2].toSorted().join()", 'a1,2,3'],
    ["return 'a-b'.replace(/(.)-(.)/, '$2-$1') + [...'x1y2'.matchAll(/\\d/g)].length", 'b-a2'],
    ["return Object.hasOwn(event, 'user') + event.hasOwnProperty('user')", 'truetrue'],
  ];
  it.each(
    ordinary.map(([code, expected]) => ({
      code,
      expected,
      run: findings(`'use strict'; ${code.replace("hasOwn(event, 'user') +", "hasOwn(event, 'user') + '' +")}`),
    })),
  )('ordinary code works: $code', async ({ expected, run }) => expect(await run()).toBe(expected));
});

describe('what content returns or throws is data before the host sees it', () => {
  const hostile: [string, string, string][] = [
    ['a getter that throws', "() => ({ get a() { throw new TypeError('caught') } })", 'TypeError: caught'],
    ['a toJSON that throws', "() => ({ toJSON() { throw new TypeError('caught') } })", 'TypeError: caught'],
    ['a cycle', '() => { const a = {}; a.a = a; return a }', 'TypeError: Converting circular structure'],
    ['a function', '() => () => 1', 'WrongReturnType: It returned a function.'],
    ['a symbol', '() => Symbol("x")', 'WrongReturnType: It returned a symbol.'],
    ['a bigint', '() => 1n', 'TypeError: Do not know how to serialize a BigInt'],
    ['a promise', 'async () => ({})', 'WrongReturnType: It returned a promise: it must not be async.'],
    ['a rejected promise', 'async () => { throw new Error("later") }', 'WrongReturnType: It returned a promise'],
    [
      'an error with a hostile name',
      '() => { throw { get name() { throw 1 } } }',
      'ThrownValue: The error that was thrown cannot be read.',
    ],
    [
      'an error with a hostile message',
      "() => { throw { name: 'N', message: { toString() { throw 1 } } } }",
      'N: The error that was thrown cannot be read.',
    ],
    ['a text', "() => { throw 'just text' }", 'ThrownValue: just text'],
    ['undefined', '() => { throw undefined }', 'ThrownValue: undefined'],
    [
      'a deep recursion',
      '() => { const f = () => 1 + f(); return f() }',
      'RangeError: Maximum call stack size exceeded',
    ],
    ['a toJSON that gives a text', "() => ({ toJSON: () => 'text' })", 'WrongReturnType: context returned "text"'],
  ];
  it.each(hostile.map(([what, code, expected]) => ({ what, expected, id: book.add({ context: code }) })))(
    '$what',
    async ({ id, expected }) => {
      const { matches, errors } = await book.run(id, [record]);
      const [error] = errors;
      expect(`${error?.errorClass}: ${error?.message}`).toContain(expected);
      expect(matches[0]?.context._error).toContain(expected);
    },
  );

  const proto = book.add({ context: `(event) => JSON.parse('{"__proto__": {"polluted": 1}}')` });
  it('a __proto__ key stays a key', async () => {
    const { matches } = await book.run(proto, [record]);
    expect(JSON.stringify(matches[0]?.context)).toBe('{"__proto__":{"polluted":1}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  const read = book.add({
    rule: `(event) => Object.keys(event.nested).join() === '__proto__,constructor' && event.nested.constructor === 1`,
  });
  it('so it does in an event', async () => {
    const nested = JSON.parse('{"__proto__": 1, "constructor": 1}');
    expect((await book.run(read, [sampleRecord(0, { nested })])).matches).toHaveLength(1);
  });

  it('an event nested too deeply harms no later batch', async () => {
    const text = `{"uuid":"deep","time":"2026-01-01T00:00:00Z","nested":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const detector = await openDetector({
      detections: [sampleDetection({ functions: ['rule'] })],
      code: `{ 'test/sample': { rule: () => true } }`,
    });
    const deep = await detector.processBatch({ ...sampleBatch([], 'deep'), body: Buffer.from(text) });
    const next = await detector.processBatch(sampleBatch([record], 'next'));
    expect(deep.errors.length + deep.deadLetters.length).toBe(1);
    expect(next.matches).toHaveLength(1);
  });
});
