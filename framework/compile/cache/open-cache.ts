import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVersion } from '../package-files.ts';
import { ContentCache } from './content-cache.ts';

/**
 * The cache of a content repository. It lies in the user's own folder for such (`XDG_CACHE_HOME`, else `~/.cache`) and not
 * in the repository, where a pull request could bring one along.
 */
export async function openCache(root: string, nowMs: number): Promise<ContentCache> {
  const given = process.env.XDG_CACHE_HOME ?? '';
  const folder = isAbsolute(given) ? given : join(homedir(), '.cache');
  const name = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 32);
  await removeOld(join(folder, 'margay'), nowMs);
  return ContentCache.open({ path: join(folder, 'margay', `${name}.v8`), maker: await describeMaker(), nowMs });
}

/** Caches that no compile has changed for so long are deleted: of repositories that are gone, or nobody works on. */
const maxAgeMs = 30 * 24 * 3_600_000;

async function removeOld(folder: string, nowMs: number): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.includes('.v8'));
  for (const path of names.map((name) => join(folder, name))) {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }));
    if (nowMs - mtimeMs > maxAgeMs) await rm(path, { force: true });
  }
}

/** Which compiler this is: one that is being developed changes without its version. */
async function describeMaker(): Promise<string> {
  const version = `${await readVersion()} ${process.version}`;
  if (import.meta.url.includes('/node_modules/')) return version;
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const all = await readdir(folder, { recursive: true });
  const files = all.filter((file) => /\.[jt]s$/.test(file) && !file.includes('node_modules')).sort();
  const written = await Promise.all(files.map(async (file) => `${file} ${(await stat(join(folder, file))).mtimeMs}`));
  const hash = createHash('sha256').update(written.join('\n')).digest('hex');
  return `${version} ${hash}`;
}
