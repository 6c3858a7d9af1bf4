/**
 * A second wall around content: should an object of the host ever reach it, its constructors still make no code.
 * For the worker's own thread; not to be undone.
 */
export function hardenHost(): void {
  const kinds = [() => {}, async () => {}, function* () {}, async function* () {}];
  for (const kind of kinds) {
    Object.defineProperty(Object.getPrototypeOf(kind), 'constructor', {
      value: undefined,
      writable: false,
      configurable: false,
    });
  }
}
