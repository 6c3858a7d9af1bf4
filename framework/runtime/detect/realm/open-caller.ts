/** The trusted code inside the content's realm. Only primitives leave it; see {@link openCaller}. */
export interface RealmCaller {
  /**
   * Takes what the content's script gave, and the functions wanted of it.
   *
   * @param wanted - JSON: `[[id, [function, …]], …]`.
   * @returns JSON: the functions that are not there, as `id: function`.
   */
  load(exported: unknown, wanted: string): string;
  /** Takes a copy of the event, deeply frozen, made of objects of the realm alone. */
  adopt(event: unknown): void;
  /**
   * Calls a function with the adopted event.
   *
   * @param detection - Position in `wanted`.
   * @returns The boolean or `undefined` that it returned; else JSON: `{value}` or `{errorClass, error}`.
   */
  call(detection: number, functionName: string, maxChars: number): boolean | undefined | string;
  /** JSON: `{errorClass, error}` of anything thrown. */
  describe(thrown: unknown): string;
}

/**
 * Opens the one door between the host and the content's realm. Nothing of the host passes to content, and what
 * content returns or throws becomes JSON text before the host sees it, getters, `toJSON` and all.
 *
 * Runs inside the content's realm, after it was locked, from its own source text: it may refer to nothing outside.
 */
export function openCaller(): RealmCaller {
  const { defineProperty, freeze, keys } = Object;
  const { isArray } = Array;
  const { apply } = Reflect;
  const { parse, stringify } = JSON;
  const text = String;
  const slice = String.prototype.slice;
  const asyncPrototype = Object.getPrototypeOf((async () => {})());
  const isAsync = (value: object): boolean => apply(Object.prototype.isPrototypeOf, asyncPrototype, [value]);
  const definitions: { self: unknown; functions: Record<string, (event: unknown) => unknown> }[] = [];
  let event: unknown;

  const cut = (value: string, maxChars: number): string => apply(slice, value, [0, maxChars]);

  const describe = (thrown: unknown): string => {
    let errorClass = 'ThrownValue';
    let error = 'Something that is no error was thrown.';
    try {
      const isObject = typeof thrown === 'object' && thrown !== null;
      if (isObject) errorClass = cut(text((thrown as Error).name ?? 'Object'), 100);
      error = cut(text(isObject ? ((thrown as Error).message ?? '') : thrown), 1_000);
    } catch {
      error = 'The error that was thrown cannot be read.';
    }
    return stringify({ errorClass, error });
  };

  const wrong = (found: string): string => stringify({ errorClass: 'WrongReturnType', error: `It returned ${found}.` });

  const toText = (result: unknown, maxChars: number): string => {
    if (typeof result === 'function' || typeof result === 'symbol') return wrong(`a ${typeof result}`);
    if (typeof result === 'object' && result !== null && isAsync(result))
      return wrong('a promise: it must not be async');
    const value = stringify(result);
    if (value === undefined) return wrong('something that JSON cannot hold');
    if (value.length <= maxChars) return `{"value":${value}}`;
    return stringify({
      errorClass: 'LimitExceeded',
      error: `It returned ${value.length} characters of JSON; at most ${maxChars} are kept.`,
    });
  };

  const adopted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (isArray(value)) {
      const copy: unknown[] = [];
      for (let i = 0; i < value.length; i++) copy[i] = adopted(value[i]);
      return freeze(copy);
    }
    const copy: Record<string, unknown> = {};
    const names = keys(value);
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      const own = adopted((value as Record<string, unknown>)[name]);
      if (name in copy) defineProperty(copy, name, { value: own, enumerable: true });
      else copy[name] = own;
    }
    return freeze(copy);
  };

  return {
    load: (exported, wanted) => {
      const missing: string[] = [];
      for (const [id, functionNames] of parse(wanted) as [string, string[]][]) {
        const self = (exported as Record<string, unknown> | undefined)?.[id] as Record<string, unknown> | undefined;
        const functions: Record<string, (event: unknown) => unknown> = {};
        for (const name of functionNames) {
          const found = self?.[name];
          if (typeof found === 'function') functions[name] = found as (event: unknown) => unknown;
          else missing[missing.length] = `${id}: ${name}`;
        }
        definitions[definitions.length] = { self, functions };
      }
      return stringify(missing);
    },
    adopt: (given) => {
      event = adopted(given);
    },
    call: (detection, functionName, maxChars) => {
      try {
        const definition = definitions[detection];
        const called = definition?.functions[functionName] as (event: unknown) => unknown;
        const result = apply(called, definition?.self, [event]);
        if (typeof result === 'boolean' || result === undefined) return result;
        return toText(result, maxChars);
      } catch (thrown) {
        return describe(thrown);
      }
    },
    describe,
  };
}
