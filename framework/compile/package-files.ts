import { readdir, readFile } from 'node:fs/promises';

/** The folder of the package `margay`, from source as from `dist/`. */
const packageUrl = new URL(import.meta.url.endsWith('.ts') ? '../' : '../../', import.meta.url);

/** The version of Margay. */
export async function readVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('package.json', packageUrl), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

/** The schemas that come with Margay, by file name (code units). */
export async function readBuiltInLogTypes(): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const folder = new URL('log-types/', packageUrl);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yml')).sort();
  return Promise.all(
    names.map(async (name) => ({
      file: `margay/log-types/${name}`,
      text: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}
