import { join } from 'node:path';
import { runGit } from './run-git.ts';

/**
 * Writes the files of a commit into an empty folder, without touching the repository, its index or its work tree.
 *
 * @returns The path in it that is to the commit what `root` is to the work tree.
 * @throws GIT_FAILED
 */
export async function extractCommit(root: string, commit: string, folder: string): Promise<string> {
  const [top, prefix] = await Promise.all([
    runGit(root, ['rev-parse', '--show-toplevel']),
    runGit(root, ['rev-parse', '--show-prefix']),
  ]);
  const index = { GIT_INDEX_FILE: join(folder, '.index') };
  const files = join(folder, 'files');
  await runGit(top, ['read-tree', commit], index);
  await runGit(top, ['checkout-index', '--all', `--prefix=${files}/`], index);
  return join(files, prefix);
}
