import { join } from 'node:path';
import { MargayError, type Problem } from '../../model/margay-error.ts';
import { readGit, runGit } from './run-git.ts';

/** A file that is other than in the commit that the work is upon. */
export interface StagedFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** `null`: it is removed. */
  readonly content: string | null;
}

/** Work as a commit of it would be. */
export interface StagedWork {
  /** The content root among its files. */
  readonly root: string;
  /** By path. */
  readonly files: readonly StagedFile[];
}

/**
 * Writes the files that a commit of some paths upon another commit would hold into an empty folder, and says which of
 * them differ. Git itself decides, in an index of its own: what is ignored stays out, line ends are as git stores them.
 * Neither the repository's index nor its work tree is touched.
 *
 * @param paths - Absolute, or from `root`.
 * @throws GIT_FAILED, and GIT_NOT_TEXT with every file that is no plain text
 */
export async function stageWork(
  root: string,
  { commit, paths, folder }: { readonly commit: string; readonly paths: readonly string[]; readonly folder: string },
): Promise<StagedWork> {
  const top = await runGit(root, ['rev-parse', '--show-toplevel']);
  const prefix = await runGit(root, ['rev-parse', '--show-prefix']);
  const index = { GIT_INDEX_FILE: join(folder, '.index') };
  await runGit(top, ['read-tree', commit], index);
  if (paths.length > 0) await runGit(root, ['add', '--all', '--', ...paths], index);
  const raw = await runGit(
    top,
    ['diff-index', '--cached', '--raw', '--no-renames', '--abbrev=64', '-z', commit],
    index,
  );
  const files = join(folder, 'files');
  await runGit(top, ['checkout-index', '--all', `--prefix=${files}/`], index);
  return { root: join(files, prefix), files: await readChanges(top, raw) };
}

/** Those of some paths that are in the work tree or in a commit: git refuses a path that is nowhere. */
export async function knownPaths(root: string, commit: string, paths: readonly string[]): Promise<readonly string[]> {
  const prefix = await runGit(root, ['rev-parse', '--show-prefix']);
  const listed = await Promise.all(
    paths.map(async (path) => {
      const inTree = await runGit(root, ['ls-files', '--cached', '--others', '--exclude-standard', '--', path]);
      return inTree !== '' || (await runGit(root, ['ls-tree', '--full-tree', commit, '--', `${prefix}${path}`])) !== '';
    }),
  );
  return paths.filter((_, at) => listed[at]);
}

const changes: Readonly<Record<string, StagedFile['change']>> = { A: 'added', D: 'removed' };

/** `:mode mode object object status NUL path NUL`, again and again. */
async function readChanges(top: string, raw: string): Promise<readonly StagedFile[]> {
  const parts = raw.split('\0').filter(Boolean);
  const files: StagedFile[] = [];
  const problems: Problem[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode, , object = '', status = ''] = (parts[at] as string).split(' ');
    const path = parts[at + 1] as string;
    const change = changes[status] ?? 'changed';
    const content = change === 'removed' ? null : mode === '100644' ? await readText(top, object) : undefined;
    if (content === undefined) problems.push(notText(path));
    else files.push({ path, change, content });
  }
  if (problems.length === 0) return files;
  throw new MargayError('GIT_NOT_TEXT', 'Some files are no plain text.', { problems });
}

function notText(path: string): Problem {
  return {
    code: 'GIT_NOT_TEXT',
    severity: 'error',
    message: `'${path}' is a link, a program or no text in UTF-8.`,
    hint: 'Commit and push it with git, or name the paths to propose.',
  };
}

async function readText(top: string, object: string): Promise<string | undefined> {
  const bytes = await readGit(top, ['cat-file', 'blob', object]);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
