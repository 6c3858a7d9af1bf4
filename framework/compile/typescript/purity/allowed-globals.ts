/** How content may use a global. */
export interface AllowedGlobal {
  /** Passed on as a value, extended, or the right side of `instanceof`. */
  readonly asValue?: true;
  readonly call?: true;
  readonly construct?: true;
  /** Its own members that content may read. */
  readonly members?: readonly string[];
}

const callable: AllowedGlobal = { asValue: true, call: true };
const constant: AllowedGlobal = { asValue: true };
const collection: AllowedGlobal = { asValue: true, construct: true };
const error: AllowedGlobal = { asValue: true, call: true, construct: true };

/**
 * The globals that content may use. All are of the language itself, give the same for the same arguments on any
 * machine, and reach nothing outside. What is missing here is refused. All are on `contentGlobals`, the list that the
 * worker keeps.
 */
export const allowedGlobals: ReadonlyMap<string, AllowedGlobal> = new Map<string, AllowedGlobal>([
  ['undefined', constant],
  ['NaN', constant],
  ['Infinity', constant],
  ['isNaN', callable],
  ['isFinite', callable],
  ['parseInt', callable],
  ['parseFloat', callable],
  ['encodeURI', callable],
  ['encodeURIComponent', callable],
  ['decodeURI', callable],
  ['decodeURIComponent', callable],
  ['Object', { members: ['assign', 'entries', 'freeze', 'fromEntries', 'hasOwn', 'is', 'isFrozen', 'keys', 'values'] }],
  ['Array', { asValue: true, call: true, construct: true, members: ['from', 'isArray', 'of'] }],
  ['String', { asValue: true, call: true, members: ['fromCharCode', 'fromCodePoint', 'raw'] }],
  [
    'Number',
    {
      asValue: true,
      call: true,
      members: [
        'EPSILON',
        'MAX_SAFE_INTEGER',
        'MAX_VALUE',
        'MIN_SAFE_INTEGER',
        'MIN_VALUE',
        'NEGATIVE_INFINITY',
        'NaN',
        'POSITIVE_INFINITY',
        'isFinite',
        'isInteger',
        'isNaN',
        'isSafeInteger',
        'parseFloat',
        'parseInt',
      ],
    },
  ],
  ['Boolean', callable],
  ['BigInt', { asValue: true, call: true, members: ['asIntN', 'asUintN'] }],
  [
    'Math',
    {
      members: [
        ...['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2', 'abs', 'acos', 'asin', 'atan', 'atan2'],
        ...['cbrt', 'ceil', 'clz32', 'cos', 'exp', 'floor', 'fround', 'hypot', 'imul', 'log', 'log10', 'log1p', 'log2'],
        ...['max', 'min', 'pow', 'round', 'sign', 'sin', 'sqrt', 'tan', 'trunc'],
      ],
    },
  ],
  ['JSON', { members: ['parse', 'stringify'] }],
  // `new Date(text or number)` only: see `nondeterminism.ts`.
  ['Date', { asValue: true, construct: true, members: ['UTC', 'parse'] }],
  ['RegExp', { asValue: true, call: true, construct: true }],
  ['Map', collection],
  ['Set', collection],
  ['WeakMap', collection],
  ['WeakSet', collection],
  ['Error', error],
  ['TypeError', error],
  ['RangeError', error],
  ['SyntaxError', error],
  ['URIError', error],
  ['EvalError', error],
  ['ReferenceError', error],
  ['AggregateError', error],
]);

/** What to do instead of using a global that is refused. */
export const insteadOf: Readonly<Record<string, string>> = {
  process: "Settings belong into margay.config.ts: `env('NAME')`.",
  fetch: 'A detection sees its event and nothing else; it does no input or output.',
  XMLHttpRequest: 'A detection sees its event and nothing else; it does no input or output.',
  WebSocket: 'A detection sees its event and nothing else; it does no input or output.',
  console: 'Content prints nothing. To see a value, put it into `context` and run `margay test`.',
  require: "Write `import … from './file.ts'`.",
  module: 'Write `export`.',
  exports: 'Write `export`.',
  Buffer: 'For base64 there is `base64.decode` in margay.',
  atob: 'Use `base64.decode` from margay.',
  btoa: 'Only decoding is offered: `base64.decode` from margay.',
  crypto: 'Randomness and hashing are not for content: the same event must give the same result.',
  performance: 'The only time that content knows is in the event: `event.p_event_time`.',
  setTimeout: 'Detection functions return at once.',
  setInterval: 'Detection functions return at once.',
  setImmediate: 'Detection functions return at once.',
  queueMicrotask: 'Detection functions return at once.',
  Promise: 'Detection functions return at once.',
  eval: 'Code from text is refused everywhere, at run time too.',
  Function: 'Code from text is refused everywhere, at run time too.',
  globalThis: 'Name what you need; content has no global object.',
  Reflect: 'Read members by name, or with `get` from margay.',
  Proxy: 'Events are read-only as they are.',
  Symbol: 'Use a text instead.',
  Intl: 'Its results depend on the machine.',
  URL: 'It is not part of the language. Take the text apart with a regular expression.',
  Uint8Array: 'Memory outside of the limited heap is not for content. Use a list of numbers.',
  TextDecoder: 'For base64 there is `base64.decode` in margay.',
};
