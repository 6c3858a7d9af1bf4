import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type BackupReport, manifestName } from '../../../model/backup.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { restoreState } from '../../lake/index.ts';
import { syncFolder, writeDurably } from './durable-files.ts';
import { openBackup } from './open-backup.ts';
import { verifyBackup } from './verify-backup.ts';

/**
 * Makes the data folder of a runtime of a backup. All of the backup is verified before anything is written, and the
 * folder has its name once everything is in it.
 *
 * @param onBytes - Hears how many bytes were read so far: each is read twice.
 * @throws RUNTIME_TARGET_OCCUPIED when the folder exists and is not empty.
 * @throws RUNTIME_BACKUP_BROKEN, RUNTIME_BACKUP_FOREIGN; nothing was written then.
 */
export async function restoreBackup(
  backup: string,
  directory: string,
  onBytes: (bytes: number) => void = () => {},
): Promise<BackupReport> {
  const target = resolve(directory);
  await requireEmpty(target);
  let verifiedBytes = 0;
  const { files, createdAtMs, logEnd } = await verifyBackup(backup, (bytes) => {
    verifiedBytes = bytes;
    onBytes(bytes);
  });
  const draft = `${target}.restoring-${process.pid}`;
  try {
    await mkdir(join(draft, 'lake', 'parts'), { recursive: true, mode: 0o700 });
    await mkdir(join(draft, 'log'), { mode: 0o700 });
    await restoreState(join(draft, 'lake', 'state.duckdb'), statePieces(backup));
    await writeFiles(backup, draft, (bytes) => onBytes(verifiedBytes + bytes));
    for (const folder of [join(draft, 'log'), join(draft, 'lake'), draft]) await syncFolder(folder);
    await requireEmpty(target);
    await rmdir(target).catch(() => {});
    await rename(draft, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { target, fileCount: files.length, bytes, createdAtMs, logEnd };
}

/** Comes first in a backup. */
async function* statePieces(backup: string): AsyncGenerator<string, void, void> {
  for await (const { name, content } of openBackup(backup)) {
    if (!name.startsWith('state/')) return;
    yield await text(content);
  }
}

async function writeFiles(backup: string, draft: string, onBytes: (bytes: number) => void): Promise<void> {
  let written = 0;
  const folders = new Set<string>();
  for await (const { name, bytes, content } of openBackup(backup)) {
    written += bytes;
    if (name === manifestName || name.startsWith('state/')) continue;
    const path = join(draft, name);
    await writeDurably(path, content);
    folders.add(dirname(path));
    onBytes(written);
  }
  for (const folder of folders) await syncFolder(folder);
}

async function requireEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new MargayError('RUNTIME_TARGET_OCCUPIED', `${directory} is no folder.`, {
      hint: 'Name a data folder that does not exist yet.',
      cause: error,
    });
  });
  if (names.length === 0) return;
  throw new MargayError(
    'RUNTIME_TARGET_OCCUPIED',
    `${directory} is not empty: it holds ${names.slice(0, 3).join(', ')}.`,
    {
      hint: 'Name another data folder, or move this one away: a restore never writes into the data of a runtime.',
    },
  );
}
