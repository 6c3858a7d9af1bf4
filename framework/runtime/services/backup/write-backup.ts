import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  type BackupFile,
  type BackupManifest,
  backupFormat,
  backupNames,
  backupVersion,
  manifestName,
} from '../../../model/backup.ts';
import type { FrozenLake } from '../../lake/index.ts';
import type { LogFile } from '../../log/index.ts';
import { paddingOf, tarEnd, tarHeader } from './tar-header.ts';

/** What a backup is made of. */
export interface FrozenRuntime {
  readonly lake: FrozenLake;
  readonly logFiles: readonly LogFile[];
  readonly logEnd: number;
  /** The folder of the raw archive. What is listed by the state's position was there before the state was read. */
  readonly archiveDirectory: string;
  readonly margay: string;
  readonly createdAtMs: number;
}

interface Source {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A tar archive of a runtime as it was at one moment: state, log, parts, and at last the manifest with checksums. */
export async function* writeBackup(frozen: FrozenRuntime): AsyncGenerator<Uint8Array, void, void> {
  const files: BackupFile[] = [];
  for await (const { name, bytes, content } of sourcesOf(frozen)) {
    yield tarHeader(name, bytes, frozen.createdAtMs);
    const hash = createHash('sha256');
    for await (const piece of content) {
      hash.update(piece);
      yield piece;
    }
    yield Buffer.alloc(paddingOf(bytes));
    files.push({ name, bytes, sha256: hash.digest('hex') });
  }
  const { margay, createdAtMs, logEnd } = frozen;
  const manifest: BackupManifest = { format: backupFormat, version: backupVersion, margay, createdAtMs, logEnd, files };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  yield tarHeader(manifestName, text.length, createdAtMs);
  yield text;
  yield Buffer.alloc(paddingOf(text.length));
  yield tarEnd;
}

/** The state first, so that its transaction is short. */
async function* sourcesOf({ lake, logFiles, archiveDirectory }: FrozenRuntime): AsyncGenerator<Source, void, void> {
  let number = 0;
  for await (const piece of lake.statePieces()) {
    number += 1;
    const content = Buffer.from(piece);
    yield { name: `state/${String(number).padStart(8, '0')}.ndjson`, bytes: content.length, content: [content] };
  }
  for (const { name, file, bytes } of logFiles) yield { name: `log/${name}`, bytes, content: firstBytes(file, bytes) };
  for (const { name, file, bytes } of lake.parts)
    yield { name: `lake/${name}`, bytes, content: firstBytes(file, bytes) };
  yield* archived(archiveDirectory);
}

/** Its files are replaced whole or removed meanwhile: what can still be opened stays as it is. */
async function* archived(directory: string): AsyncGenerator<Source, void, void> {
  for (const path of (await readdir(directory, { recursive: true })).sort()) {
    const name = `archive/${path.replaceAll(sep, '/')}`;
    if (!backupNames.test(name)) continue;
    const file = await open(join(directory, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) continue;
    const { size } = await file.stat();
    yield { name, bytes: size, content: file.createReadStream({ end: size - 1 }) };
  }
}

async function* firstBytes(file: string, bytes: number): AsyncGenerator<Uint8Array, void, void> {
  if (bytes === 0) return;
  let read = 0;
  for await (const piece of createReadStream(file, { end: bytes - 1, highWaterMark: 262_144 })) {
    read += (piece as Buffer).length;
    yield piece as Buffer;
  }
  if (read !== bytes) throw new Error(`${file} has ${read} bytes; ${bytes} were expected.`);
}
