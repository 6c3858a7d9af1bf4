import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a file that is there whole and durably, or not at all. One of the same name is replaced. */
export async function writeFileWhole(file: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(file);
  const made = await mkdir(folder, { recursive: true });
  const handle = await open(`${file}.tmp`, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
  await syncFolder(folder);
  // The folders that were made with it: the day's and, for the first one, the log type's.
  if (made !== undefined) for (const parent of [dirname(folder), dirname(dirname(folder))]) await syncFolder(parent);
}

/** Makes the names in a folder durable. Windows can't. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
