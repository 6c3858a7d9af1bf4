import { readFileSync } from 'node:fs';

let version: string | undefined;

/** The version in the package.json above this file, from source or from `dist`. */
export function packageVersion(): string {
  if (version !== undefined) return version;
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      version = (JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as { version: string }).version;
      return version;
    } catch {
      // Not here: one folder further up when compiled.
    }
  }
  return 'unknown';
}
