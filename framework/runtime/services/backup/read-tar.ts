import { brokenBackup, foreignBackup } from './backup-manifest.ts';
import { paddingOf, readTarHeader, tarHeaderBytes } from './tar-header.ts';

/** A file of a backup, whose content is read before the next one comes. */
export interface BackupEntry {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The files of a backup in one tar archive.
 *
 * @throws RUNTIME_BACKUP_FOREIGN when it is no tar archive, or one that holds other things than plain files.
 * @throws RUNTIME_BACKUP_BROKEN when it ends before its end.
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<BackupEntry, void, void> {
  const reader = new ByteReader(chunks);
  try {
    for (;;) {
      const header = readTarHeader(await reader.whole(tarHeaderBytes));
      if (header === undefined) return;
      if (header === null) throw foreignBackup('it is no tar archive of one');
      const { name, bytes } = header;
      let isRead = false;
      const content = async function* (): AsyncGenerator<Uint8Array, void, void> {
        isRead = true;
        yield* reader.pieces(bytes);
      };
      yield { name, bytes, content: content() };
      if (!isRead) for await (const _ of reader.pieces(bytes));
      await reader.whole(paddingOf(bytes));
    }
  } finally {
    await reader.close();
  }
}

/** Takes bytes from chunks of any size. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async whole(bytes: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces(bytes)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *pieces(bytes: number): AsyncGenerator<Uint8Array, void, void> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Lets go of what the chunks come from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #next(): Promise<Uint8Array> {
    const { done, value } = await this.#chunks.next();
    if (!done) return value;
    throw brokenBackup(['It ends before its end.']);
  }
}
