import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MargayError } from '../../model/margay-error.ts';
import type { Template } from './read-templates.ts';

/** What becomes of a file. `same`: it is there with this very text; `kept`: it is there with another one. */
export interface NewFile {
  readonly path: string;
  readonly outcome: 'written' | 'same' | 'kept';
}

/**
 * Writes those files that are not there yet. A file that is there stays as it is, whatever is in it.
 *
 * @param dryRun - Only says what would be written.
 * @throws CLI_FILE_UNWRITABLE
 */
export function writeNewFiles(folder: string, templates: readonly Template[], dryRun: boolean): readonly NewFile[] {
  return templates.map(({ path, text }) => {
    const file = join(folder, path);
    try {
      const there = lstatSync(file, { throwIfNoEntry: false });
      if (there) return { path, outcome: there.isFile() && readFileSync(file, 'utf8') === text ? 'same' : 'kept' };
      if (!dryRun) write(file, text);
      return { path, outcome: 'written' };
    } catch (cause) {
      throw new MargayError('CLI_FILE_UNWRITABLE', `'${file}' cannot be written: ${(cause as Error).message}.`, {
        hint: 'Files that were written stay; run it again to write the rest.',
        cause,
      });
    }
  });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}
