import type { z } from 'zod';
import type { Problem } from '../../model/margay-error.ts';
import type { ContentCache } from '../cache/content-cache.ts';
import { FileReport } from '../file-report.ts';
import { checkShape } from '../schema/check-shape.ts';
import { loadYaml } from '../yaml/load-yaml.ts';
import type { ContentFile } from './content-file.ts';
import { maxContentBytes, normaliseText, readText } from './read-text.ts';

/** A file of content that is sound enough to be worked on. */
export interface Loaded<T> extends ContentFile {
  readonly data: T;
  readonly report: FileReport;
}

/** What a kind of file may say. */
export interface ContentShape<T> {
  readonly schema: z.ZodType<T>;
  /** What to go on checking with where a required key is flawed. */
  readonly standIns: Readonly<Record<string, unknown>>;
}

/** Files that were read: the sound ones, and the problems of the others. */
export interface LoadedFiles<T> {
  readonly loaded: readonly Loaded<T>[];
  /** The values of files that are YAML, but too flawed to go on with. */
  readonly broken: readonly unknown[];
  readonly problems: readonly Problem[];
}

/** Reads files and checks each against a schema. A broken file is left out and does not stop the others. */
export async function loadContent<T>(
  root: string,
  files: readonly ContentFile[],
  shape: ContentShape<T>,
  cache?: ContentCache,
): Promise<LoadedFiles<T>> {
  const loaded: Loaded<T>[] = [];
  const broken: unknown[] = [];
  const problems: Problem[] = [];
  const read = await Promise.all(
    files.map(async (content) => ({ content, result: await readText(root, content.file, maxContentBytes) })),
  );
  for (const { content, result } of read) {
    if ('problem' in result) problems.push(result.problem);
    else {
      const file = loadText(content, result.text, shape, cache);
      if ('data' in file) loaded.push(file);
      else {
        problems.push(...file.problems);
        broken.push(file.broken);
      }
    }
  }
  return { loaded, broken, problems };
}

/** Checks the text of one file against a schema. */
export function loadText<T>(
  content: ContentFile,
  text: string,
  { schema, standIns }: ContentShape<T>,
  cache?: ContentCache,
): Loaded<T> | { readonly broken: unknown; readonly problems: readonly Problem[] } {
  const { yaml, problems } = loadYaml(content.file, normaliseText(text), cache);
  if (problems.length > 0) return { broken: undefined, problems };
  const report = new FileReport(yaml);
  const data = checkShape(schema, yaml.value, report, [], standIns);
  return data === undefined ? { broken: yaml.value, problems: report.problems } : { ...content, data, report };
}
