import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files of the content that are other than the repository's; `null` leaves one out. */
export type ContentChanges = Readonly<Record<string, string | null>>;

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Copies the repository's content into a new folder in another one, with changes. @returns Its path. */
export function copyContent(folder: string, changes: ContentChanges = {}): string {
  const root = mkdtempSync(join(folder, 'content-'));
  for (const part of ['detections', 'scheduled-queries', 'lookups', 'fixtures', 'margay.config.ts'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
  for (const [file, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    if (text === null) rmSync(join(root, file));
    else writeFileSync(join(root, file), text);
  }
  return root;
}
