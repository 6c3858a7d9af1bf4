import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Position } from '../../model/log-record.ts';
import { corruptLog } from './corrupt-log.ts';

/** An idempotency key, and the record that it stands for. */
export interface SeenKey {
  readonly key: string;
  readonly position: Position;
  readonly next: Position;
  readonly appendedAtMs: number;
  /** What the record says, as a hash. */
  readonly content: string;
}

/** The idempotency keys of the last days, in the order they were appended. */
export interface DedupIndex {
  /** The record with a key, unless it is too old. */
  get(key: string, nowMs: number): SeenKey | undefined;
  add(seen: SeenKey): void;
  /** Keeps the keys of a segment that is about to be deleted, in a file of their own. */
  saveReleased(start: Position, end: Position, nowMs: number): Promise<void>;
  /** Deletes the files of keys that are all too old. */
  removeExpired(nowMs: number): Promise<void>;
}

const suffix = '.keys';

/**
 * Opens the index with the keys of segments that were released earlier.
 *
 * @throws LOG_CORRUPT when a file of keys can't be read.
 */
export async function openDedupIndex(directory: string, dedupMs: number): Promise<DedupIndex> {
  const seen = new Map<string, SeenKey>();
  /** Each file's youngest key, by file name. */
  const released = new Map<string, number>();
  const isExpired = (appendedAtMs: number, nowMs: number): boolean => appendedAtMs <= nowMs - dedupMs;
  const add = (key: SeenKey): void => {
    seen.delete(key.key);
    seen.set(key.key, key);
  };
  for (const name of (await readdir(directory)).filter((file) => file.endsWith(suffix)).sort()) {
    const keys = await readKeys(join(directory, name));
    for (const key of keys) add(key);
    released.set(name, youngest(keys));
  }
  return {
    add,
    get: (key, nowMs) => {
      for (const [oldKey, old] of seen) {
        if (!isExpired(old.appendedAtMs, nowMs)) break;
        seen.delete(oldKey);
      }
      const found = seen.get(key);
      return found && !isExpired(found.appendedAtMs, nowMs) ? found : undefined;
    },
    saveReleased: async (start, end, nowMs) => {
      const keys = [...seen.values()].filter(
        ({ position, appendedAtMs }) => position >= start && position < end && !isExpired(appendedAtMs, nowMs),
      );
      if (keys.length === 0) return;
      const name = `${String(start).padStart(16, '0')}${suffix}`;
      await writeKeys(join(directory, name), keys);
      released.set(name, youngest(keys));
    },
    removeExpired: async (nowMs) => {
      for (const [name, appendedAtMs] of released) {
        if (!isExpired(appendedAtMs, nowMs)) continue;
        await rm(join(directory, name), { force: true });
        released.delete(name);
      }
    },
  };
}

function youngest(keys: readonly SeenKey[]): number {
  return keys.reduce((latest, { appendedAtMs }) => Math.max(latest, appendedAtMs), Number.NEGATIVE_INFINITY);
}

async function writeKeys(file: string, keys: readonly SeenKey[]): Promise<void> {
  const handle = await open(`${file}.tmp`, 'w');
  try {
    await handle.writeFile(JSON.stringify(keys));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
}

async function readKeys(file: string): Promise<readonly SeenKey[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as readonly SeenKey[];
  } catch (error) {
    throw corruptLog(file, 0, `It is no list of keys: ${String(error)}.`);
  }
}
