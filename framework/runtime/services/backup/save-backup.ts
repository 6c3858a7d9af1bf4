import { lstat, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type BackupReport, backupNames, manifestName } from '../../../model/backup.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { foreignBackup } from './backup-manifest.ts';
import { syncFolder, writeDurably } from './durable-files.ts';
import { readTar } from './read-tar.ts';
import { verifyBackup } from './verify-backup.ts';

/**
 * Writes a backup as it comes from a runtime: as one tar archive where the target ends in `.tar`, else as a folder. It
 * has its name once it is whole, on the disk and read again; before, and when it fails, there is nothing of that name.
 *
 * @param onBytes - Hears how many bytes have come so far.
 * @throws RUNTIME_TARGET_OCCUPIED, RUNTIME_BACKUP_BROKEN, RUNTIME_BACKUP_FOREIGN
 */
export async function saveBackup(
  chunks: AsyncIterable<Uint8Array>,
  target: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<BackupReport> {
  const path = resolve(target);
  const draft = `${path}.partial-${process.pid}`;
  await requireFree(path);
  try {
    const counted = count(chunks, onBytes);
    if (path.endsWith('.tar')) await writeDurably(draft, counted);
    else await writeFolder(draft, counted);
    const { files, createdAtMs, logEnd } = await verifyBackup(draft);
    await requireFree(path);
    await rename(draft, path);
    await syncFolder(dirname(path));
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { target: path, fileCount: files.length, bytes, createdAtMs, logEnd };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** @throws RUNTIME_TARGET_OCCUPIED when there is something of this name. */
export async function requireFree(path: string): Promise<void> {
  const isThere = await lstat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new MargayError('RUNTIME_TARGET_OCCUPIED', `${path} exists already.`, { hint: 'Give the backup a new name.' });
}

async function writeFolder(folder: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const { name, content } of readTar(chunks)) {
    if (name !== manifestName && !backupNames.test(name)) throw foreignBackup(`it holds '${name.slice(0, 100)}'`);
    await writeDurably(join(folder, name), content);
  }
}

async function* count(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}
