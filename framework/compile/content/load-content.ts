import type { z } from 'zod';
import type { Problem } from '../../model/margay-error.ts';
import { FileReport } from '../file-report.ts';
import { checkShape } from '../schema/check-shape.ts';
import { loadYaml } from '../yaml/load-yaml.ts';
import type { ContentFile } from './find-content.ts';
import { maxContentBytes, normaliseText, readText } from './read-text.ts';

/** A file of content that is sound enough to be worked on. */
export interface Loaded<T> extends ContentFile {
  readonly data: T;
  readonly report: FileReport;
}

/** Files that were read: the sound ones, and the problems of the others. */
export interface LoadedFiles<T> {
  readonly loaded: readonly Loaded<T>[];
  readonly problems: readonly Problem[];
}

/** Reads files and checks each against a schema. A broken file is left out and does not stop the others. */
export async function loadContent<T>(
  root: string,
  files: readonly ContentFile[],
  schema: z.ZodType<T>,
): Promise<LoadedFiles<T>> {
  const loaded: Loaded<T>[] = [];
  const problems: Problem[] = [];
  const read = await Promise.all(
    files.map(async (content) => ({ content, result: await readText(root, content.file, maxContentBytes) })),
  );
  for (const { content, result } of read) {
    if ('problem' in result) problems.push(result.problem);
    else {
      const file = loadText(content, result.text, schema);
      if ('data' in file) loaded.push(file);
      else problems.push(...file.problems);
    }
  }
  return { loaded, problems };
}

/** Checks the text of one file against a schema. */
export function loadText<T>(
  content: ContentFile,
  text: string,
  schema: z.ZodType<T>,
): Loaded<T> | { readonly problems: readonly Problem[] } {
  const { yaml, problems } = loadYaml(content.file, normaliseText(text));
  if (problems.length > 0) return { problems };
  const report = new FileReport(yaml);
  const data = checkShape(schema, yaml.value, report);
  return data === undefined ? { problems: report.problems } : { ...content, data, report };
}
