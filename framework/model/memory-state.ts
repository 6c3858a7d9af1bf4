import { expectValue } from './expect-value.ts';
import type { Space, State, StateEntry } from './state.ts';
import type { Row } from './table.ts';

/** A {@link State} that lives in memory, and the rows that were committed to it. */
export interface MemoryState extends State {
  /** The rows of all commits since the last call, by table, in commit order, as given: duplicates included. */
  takeRows(): ReadonlyMap<string, readonly Row[]>;
}

/**
 * A {@link State} for timelines and tests: gone with the process, otherwise the same. Values are copied on the
 * way in and out, so that nobody changes them from outside.
 */
export function createMemoryState(): MemoryState {
  const spaces = new Map<Space, Map<string, unknown>>();
  let rows = new Map<string, Row[]>();
  const spaceOf = (space: Space): Map<string, unknown> => {
    const known = spaces.get(space) ?? new Map<string, unknown>();
    spaces.set(space, known);
    return known;
  };
  return {
    get: async <T>(space: Space, key: string) => structuredClone(spaceOf(space).get(key)) as T | undefined,
    getMany: async <T>(space: Space, keys: readonly string[]) => {
      const found = new Map<string, T>();
      for (const key of keys) {
        const value = spaceOf(space).get(key);
        if (value !== undefined) found.set(key, structuredClone(value) as T);
      }
      return found;
    },
    list: async <T>(space: Space, { prefix = '', limit = Number.POSITIVE_INFINITY } = {}) =>
      [...spaceOf(space)]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => compareBytes(a, b))
        .slice(0, limit)
        .map(([key, value]): StateEntry<T> => ({ key, value: structuredClone(value) as T })),
    commit: async (changes) => {
      for (const { space, key, value } of changes.expect ?? []) expectValue(space, key, spaceOf(space).get(key), value);
      const puts = (changes.put ?? []).map(({ space, key, value }) => ({ space, key, value: asJson(value) }));
      for (const { space, key } of changes.remove ?? []) spaceOf(space).delete(key);
      for (const { space, key, value } of puts) spaceOf(space).set(key, value);
      for (const part of changes.rows ?? []) {
        const known = rows.get(part.table) ?? [];
        rows.set(part.table, known);
        known.push(...structuredClone(part.rows));
      }
    },
    takeRows: () => {
      const taken = rows;
      rows = new Map();
      return taken;
    },
  };
}

/** The key order of every state: by UTF-8 bytes. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What a store gives back: `undefined` fields are gone. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
