import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../model/margay-error.ts';

/** The largest YAML or TypeScript file that is read, in bytes. */
export const maxContentBytes = 1024 * 1024;

/**
 * A file's text as the compiler sees it: without byte order mark, lines ending in LF, so that a checkout
 * on Windows compiles to the same bytes.
 *
 * @param file - Relative to the content root.
 */
export async function readText(
  root: string,
  file: string,
  maxBytes: number,
): Promise<{ readonly text: string } | { readonly problem: Problem }> {
  const path = join(root, file);
  const where = { file, line: 1, col: 1 };
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      const message = `The file has ${size} bytes; ${maxBytes} are the limit.`;
      return { problem: { code: 'COMPILE_FILE_TOO_LARGE', message, where, severity: 'error' } };
    }
    return { text: normaliseText(await readFile(path, 'utf8')) };
  } catch (error) {
    const message = `The file cannot be read: ${error instanceof Error ? error.message.replace(path, file) : String(error)}.`;
    return { problem: { code: 'COMPILE_FILE_UNREADABLE', message, where, severity: 'error' } };
  }
}

/** Without byte order mark, and with LF alone at the end of each line. */
export function normaliseText(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}
