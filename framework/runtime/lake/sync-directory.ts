import { open } from 'node:fs/promises';

/** Makes created, renamed and removed names of a directory durable. Does nothing on Windows, which can't. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
