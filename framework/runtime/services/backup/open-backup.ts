import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestName } from '../../../model/backup.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { foreignBackup, parseManifest } from './backup-manifest.ts';
import { type BackupEntry, readTar } from './read-tar.ts';

/**
 * The files of a backup, one after the other: of a tar archive in its order, of a folder in that of its manifest.
 *
 * @throws RUNTIME_BACKUP_FOREIGN, RUNTIME_BACKUP_BROKEN
 */
export async function* openBackup(path: string): AsyncGenerator<BackupEntry, void, void> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new MargayError('RUNTIME_BACKUP_FOREIGN', `There is no backup at ${path}.`, { cause });
  });
  if (info.isDirectory()) yield* readFolder(path);
  else yield* readTar(createReadStream(path, { highWaterMark: 262_144 }));
}

/** Files that are missing are left out: who compares with the manifest sees it. */
async function* readFolder(folder: string): AsyncGenerator<BackupEntry, void, void> {
  const json = await readFile(join(folder, manifestName)).catch(() => {
    throw foreignBackup(`it has no ${manifestName}`);
  });
  for (const { name } of parseManifest(json.toString()).files) {
    const file = join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile()) yield { name, bytes: info.size, content: createReadStream(file) };
  }
  yield { name: manifestName, bytes: json.length, content: contentOf(json) };
}

async function* contentOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}
