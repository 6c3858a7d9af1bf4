import type { Problem } from '../../model/margay-error.ts';
import { contentId } from '../schema/scalars.ts';
import type { ContentFile } from './content-file.ts';

/** Ids are usable in SQL, addresses and on any disk, and none is another's in different case. */
export function checkIds(files: readonly ContentFile[]): readonly Problem[] {
  const problems: Problem[] = [];
  const first = new Map<string, ContentFile>();
  for (const content of files) {
    const where = { file: content.file, line: 1, col: 1 };
    if (!contentId.safeParse(content.id).success) {
      problems.push({
        code: 'COMPILE_ID_INVALID',
        message: `The path gives the id '${content.id}'; ids are letters, digits, '.', '_' and '-', in folders.`,
        where,
        hint: `Rename it to '${content.id.replaceAll(/[^A-Za-z0-9._/-]+/g, '-')}'.`,
        severity: 'error',
      });
    }
    const other = first.get(content.id.toLowerCase());
    if (other) {
      const message = `The id '${content.id}' is also that of ${other.file}${other.id === content.id ? '' : ', but for upper and lower case'}.`;
      problems.push({
        code: 'COMPILE_ID_CLASH',
        message,
        where,
        hint: 'Rename or remove one of them.',
        severity: 'error',
      });
    } else first.set(content.id.toLowerCase(), content);
  }
  return problems;
}
