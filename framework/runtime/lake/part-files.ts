import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MargayError } from '../../model/margay-error.ts';
import { draftsFolder, type Part, partsFolder } from './part.ts';
import { syncDirectory } from './sync-directory.ts';

/** Empties the folder of unfinished files and makes the folder of parts. */
export async function clearDrafts(directory: string): Promise<void> {
  await rm(join(directory, draftsFolder), { recursive: true, force: true });
  await mkdir(join(directory, draftsFolder));
  await mkdir(join(directory, partsFolder), { recursive: true });
  await syncDirectory(directory);
}

/** @throws LAKE_PART_MISSING when the file of a part does not exist. */
export async function checkParts(directory: string, parts: readonly Part[]): Promise<void> {
  const files = new Set(await listFiles(directory));
  const missing = parts.filter(({ file }) => !files.has(file));
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).map(({ file }) => file);
  throw new MargayError(
    'LAKE_PART_MISSING',
    `${missing.length} Parquet files of the lake are missing: ${names.join(', ')}.`,
    {
      hint: `Restore them under ${directory} from a backup.`,
    },
  );
}

/** Deletes files under the folder of parts that nothing needs: left by a crash or a failed commit. */
export async function removeOrphans(directory: string, isNeeded: (file: string) => boolean): Promise<void> {
  await removeFiles(
    directory,
    (await listFiles(directory)).filter((file) => !isNeeded(file)),
  );
}

/** Deletes files, given relative to the lake's directory. */
export async function removeFiles(directory: string, files: readonly string[]): Promise<void> {
  for (const file of files) await rm(join(directory, file), { force: true });
}

/** Everything under the folder of parts, relative to the lake's directory. */
async function listFiles(directory: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const folder of await readdir(join(directory, partsFolder)).catch(() => [])) {
    for (const name of await readdir(join(directory, partsFolder, folder)))
      files.push(`${partsFolder}/${folder}/${name}`);
  }
  return files;
}
