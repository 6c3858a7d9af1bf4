import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import { checkIds } from './check-ids.ts';
import type { ContentFile } from './content-file.ts';

/** What a content repository holds, each list in the order of its ids (code units). */
export interface FoundContent {
  readonly detections: readonly ContentFile[];
  /** The TypeScript beside detections. */
  readonly code: readonly ContentFile[];
  readonly queries: readonly ContentFile[];
  readonly logTypes: readonly ContentFile[];
  readonly lookups: readonly ContentFile[];
  /** The paths of the files that hold rows of lookups. */
  readonly lookupRows: readonly string[];
  /** `margay.config.ts`, when there is one. */
  readonly config: string | undefined;
  readonly problems: readonly Problem[];
}

const folders = ['detections', 'scheduled-queries', 'log-types', 'lookups'] as const;

/** Gives the entries of a directory, in any order. Rejects when there is no such directory. */
export type ReadDirectory = (path: string) => Promise<readonly Dirent[]>;

/** The directories of the disk. */
export const readDisk: ReadDirectory = (path) => readdir(path, { withFileTypes: true });

/** Finds the content below a folder, whatever order its directories list it in. */
export async function findContent(root: string, readDirectory: ReadDirectory = readDisk): Promise<FoundContent> {
  const problems: Problem[] = [];
  const list = listWith(readDirectory);
  const top = await list(root);
  const [detections, queries, logTypes, lookups] = await Promise.all(
    folders.map((folder) => walk(root, folder, problems, list)),
  );
  const yaml = (files: readonly string[] = []) => toContent(files, /\.ya?ml$/i);
  const code = toContent(detections?.filter((file) => !file.endsWith('.d.ts')) ?? [], /\.ts$/);
  const found = {
    detections: yaml(detections),
    queries: yaml(queries),
    logTypes: yaml(logTypes),
    lookups: yaml(lookups),
  };
  if (!top.some((entry) => (folders as readonly string[]).includes(entry.name))) problems.push(nothingFound());
  for (const files of Object.values(found)) problems.push(...checkIds(files));
  const entries = code.filter((file) => !isShared(file));
  problems.push(...findOrphans(entries, found.detections));
  const ids = new Set(found.detections.map(({ id }) => id));
  return {
    ...found,
    lookupRows: (lookups ?? []).filter((file) => /\.(csv|ndjson)$/.test(file)),
    code: entries.filter(({ id }) => ids.has(id)),
    config: top.some((entry) => entry.name === 'margay.config.ts') ? 'margay.config.ts' : undefined,
    problems,
  };
}

/** Files whose name begins with `_` hold code that several detections import. */
function isShared({ id }: ContentFile): boolean {
  return (id.split('/').at(-1) as string).startsWith('_');
}

function findOrphans(code: readonly ContentFile[], detections: readonly ContentFile[]): readonly Problem[] {
  const ids = detections.map(({ id }) => id);
  const known = new Set(ids);
  return code
    .filter(({ id }) => !known.has(id))
    .map(({ file, id }) => ({
      code: 'COMPILE_CODE_ORPHAN',
      message: `No YAML file stands beside this one; 'detections/${id}.yml' was expected.`,
      where: { file, line: 1, col: 1 },
      hint: nearHint(id, ids) ?? "Write the YAML file, or begin the name with '_' if several detections import it.",
      severity: 'error',
    }));
}

function nearHint(id: string, ids: readonly string[]): string | undefined {
  const hint = suggest(id, ids);
  return hint?.startsWith('Did') ? hint : undefined;
}

async function walk(
  root: string,
  folder: string,
  problems: Problem[],
  list: ReadDirectory,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await list(join(root, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist') continue;
    if (entry.isDirectory()) files.push(...(await walk(root, path, problems, list)));
    else if (entry.isFile()) files.push(path);
    else if (entry.isSymbolicLink()) problems.push(symbolicLink(path));
  }
  return files;
}

/** A directory that does not exist, or cannot be read, holds nothing. */
function listWith(readDirectory: ReadDirectory): ReadDirectory {
  return (path) => readDirectory(path).catch(() => []);
}

function toContent(files: readonly string[], ending: RegExp): readonly ContentFile[] {
  return files
    .filter((file) => ending.test(file))
    .map((file) => ({ file, id: file.slice(file.indexOf('/') + 1).replace(ending, '') }))
    .sort((a, b) => byCodeUnits(a.id, b.id) || byCodeUnits(a.file, b.file));
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function symbolicLink(file: string): Problem {
  const message = 'Symbolic links are not followed: content is what git holds.';
  return {
    code: 'COMPILE_FILE_UNREADABLE',
    message,
    where: { file, line: 1, col: 1 },
    hint: 'Copy the file here.',
    severity: 'error',
  };
}

function nothingFound(): Problem {
  return {
    code: 'COMPILE_CONTENT_MISSING',
    message: `Neither detections/ nor scheduled-queries/ nor log-types/ nor lookups/ is in this folder.`,
    hint: 'Run it in the root of the content repository, or name that folder.',
    severity: 'error',
  };
}
