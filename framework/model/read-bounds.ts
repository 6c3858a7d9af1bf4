/** What of a table a query can see: rows outside make no difference to it, so that they need not be read. */
export interface ReadBounds {
  /** Of the table's time, in milliseconds. @defaultValue the beginning of time */
  readonly fromMs?: number | undefined;
  /** The table's time is before this. @defaultValue the end of time */
  readonly untilMs?: number | undefined;
  /** Values of the first column that the table is sorted by. @defaultValue all */
  readonly keys?: readonly string[] | undefined;
}

/** By table name; a table that is missing is read whole. */
export type ReadBoundsByTable = ReadonlyMap<string, ReadBounds>;

/** What both bounds let through. */
export function narrowBounds(a: ReadBounds, b: ReadBounds): ReadBounds {
  const keys = a.keys && b.keys ? a.keys.filter((key) => b.keys?.includes(key)) : (a.keys ?? b.keys);
  return {
    fromMs: most(Math.max, a.fromMs, b.fromMs),
    untilMs: most(Math.min, a.untilMs, b.untilMs),
    keys,
  };
}

/** What either of the bounds lets through. */
export function widenBounds(a: ReadBounds, b: ReadBounds): ReadBounds {
  const one = <T>(pick: (x: T, y: T) => T, x: T | undefined, y: T | undefined): T | undefined =>
    x === undefined || y === undefined ? undefined : pick(x, y);
  return {
    fromMs: one(Math.min, a.fromMs, b.fromMs),
    untilMs: one(Math.max, a.untilMs, b.untilMs),
    keys: one((x, y) => [...new Set([...x, ...y])], a.keys, b.keys),
  };
}

/** What any of several reads of the same tables sees. */
export function widenAll(reads: readonly ReadBoundsByTable[]): ReadBoundsByTable {
  const names = new Set(reads.flatMap((bounds) => [...bounds.keys()]));
  return new Map([...names].map((name) => [name, reads.map((bounds) => bounds.get(name) ?? {}).reduce(widenBounds)]));
}

function most(pick: (x: number, y: number) => number, x: number | undefined, y: number | undefined) {
  return x === undefined || y === undefined ? (x ?? y) : pick(x, y);
}
