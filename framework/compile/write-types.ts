import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Problem } from '../model/margay-error.ts';
import { analyseContent, type ContentAnalysis } from './analyse-content.ts';
import { generateTypes } from './typescript/generate-types.ts';

/**
 * Writes `.margay/types.d.ts`, from which the editor and the TypeScript checker know the event, context and
 * row types of each detection. Content with errors still gets types for what is sound.
 *
 * @returns everything that is wrong with the content, by file, line and column.
 */
export async function writeTypes(root: string): Promise<readonly Problem[]> {
  const content = await analyseContent(resolve(root));
  await saveTypes(resolve(root), declareTypes(content));
  return content.problems;
}

/** The text of `.margay/types.d.ts`. */
export function declareTypes({ logTypes, detections, queries }: ContentAnalysis): string {
  return generateTypes({ logTypes, detections, queries });
}

/** Leaves the file alone when nothing changed, so that editors don't reload. */
export async function saveTypes(root: string, types: string): Promise<void> {
  const file = join(root, '.margay', 'types.d.ts');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === types) return;
  await mkdir(join(root, '.margay'), { recursive: true });
  await writeFile(file, types);
}
