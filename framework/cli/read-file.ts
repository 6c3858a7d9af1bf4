import { readFileSync } from 'node:fs';
import { MargayError } from '../model/margay-error.ts';

/** The text of a file that an option names. @throws CLI_FILE_UNREADABLE */
export function readFile(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MargayError('CLI_FILE_UNREADABLE', `The ${what} '${file}' cannot be read.`, { cause });
  }
}
