/**
 * Takes from a fresh realm what is not pure, and freezes the rest, so that one detection cannot disturb another.
 * What remains gives the same results on every machine.
 *
 * Runs inside the content's realm, from its own source text: it may refer to nothing outside itself.
 *
 * @param allowed - The names of the globals that stay, separated by blanks.
 */
export function lockRealm(allowed: string): void {
  const realm = globalThis as unknown as Record<string, unknown>;
  const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { deleteProperty, ownKeys } = Reflect;

  /** No chance; no last match of whoever used a regular expression before; no host code asked to draw a stack. */
  const purifyRest = (): void => {
    delete (Math as Partial<Math>).random;
    for (const key of ownKeys(RegExp)) {
      if (key !== 'prototype' && key !== Symbol.species) deleteProperty(RegExp, key);
    }
    deleteProperty(Error, 'captureStackTrace');
    Error.stackTraceLimit = 0;
    const keep = new Set(allowed.split(' '));
    for (const key of ownKeys(realm)) if (typeof key !== 'string' || !keep.has(key)) deleteProperty(realm, key);
  };

  const seen = new Set<unknown>([realm]);

  /** Everything reachable from the globals and from the syntax. */
  const visit = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    visit(getPrototypeOf(value));
    for (const key of ownKeys(value)) {
      const descriptor = getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      visit(descriptor.value);
      visit(descriptor.get);
      visit(descriptor.set);
    }
  };

  /**
   * A frozen prototype would forbid an object that inherits from it a property of the same name:
   * `counts['constructor'] = 1`, `this.name = 'Refused'`. As accessors they can be overridden.
   */
  const allowOverrides = (prototype: object): void => {
    for (const key of ownKeys(prototype)) {
      const { value, configurable } = getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
      if (value === undefined || !configurable) continue;
      defineProperty(prototype, key, {
        get: () => value,
        set(this: object, own: unknown) {
          if (this === prototype) throw new TypeError(`'${String(key)}' of a built-in object cannot be changed.`);
          defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
        },
      });
    }
  };

  purifyRest();
  const errors = [Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  for (const prototype of [Object.prototype, ...errors.map((error) => error.prototype)]) allowOverrides(prototype);
  for (const key of ownKeys(realm)) visit(realm[key as string]);
  const iterators = [[].values(), new Map().keys(), new Set().keys(), ''.matchAll(/x/g), ''[Symbol.iterator]()];
  const functions = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const value of [...iterators, ...functions]) visit(value);
  seen.delete(realm);
  for (const value of seen) freeze(value);
  for (const key of ownKeys(realm)) {
    defineProperty(realm, key, { value: realm[key as string], writable: false, configurable: false });
  }
}
