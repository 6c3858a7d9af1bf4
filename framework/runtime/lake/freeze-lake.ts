import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LakeStore } from './lake-store.ts';

/** A lake as it was at one moment: its state, and the files of the parts that the state lists. */
export interface FrozenLake {
  /** The state as NDJSON, in pieces of some megabytes; to be read once, and soon. */
  statePieces(): AsyncIterable<string>;
  /** The names are relative to the lake's directory. They are immutable, and there until the release. */
  readonly parts: readonly { readonly name: string; readonly file: string; readonly bytes: number }[];
  release(): void;
}

/** State and parts of a lake as they are now. */
export async function freezeLake(directory: string, store: LakeStore): Promise<FrozenLake> {
  const { state, lease } = await store.freeze();
  const release = (): void => {
    lease.release();
    void state.close();
  };
  try {
    const parts = [...lease.parts.values()].flat().map(async ({ file: name }) => {
      const file = join(directory, name);
      return { name, file, bytes: (await stat(file)).size };
    });
    return { parts: await Promise.all(parts), statePieces: () => state.pieces(), release };
  } catch (error) {
    release();
    throw error;
  }
}
