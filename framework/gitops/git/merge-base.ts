import { MargayError } from '../../model/margay-error.ts';
import { runGit } from './run-git.ts';

/**
 * The commit where the work in a folder left the branch that it will be merged into: the one that a pull request
 * names (`GITHUB_BASE_REF`), else the remote's default branch, else `main` or `master`.
 *
 * @param branch - Another branch or commit.
 * @throws GIT_BASE_UNKNOWN, GIT_FAILED
 */
export async function findMergeBase(root: string, branch: string | undefined): Promise<string> {
  if (branch !== undefined) return runGit(root, ['merge-base', 'HEAD', branch]);
  const ofPullRequest = process.env.GITHUB_BASE_REF;
  const candidates = [
    ...(ofPullRequest ? [`origin/${ofPullRequest}`, ofPullRequest] : []),
    'origin/HEAD',
    'origin/main',
    'origin/master',
    'main',
    'master',
  ];
  for (const candidate of candidates) {
    const known = await runGit(root, ['rev-parse', '--verify', '--quiet', `${candidate}^{commit}`]).catch(() => '');
    if (known !== '') return runGit(root, ['merge-base', 'HEAD', candidate]);
  }
  throw new MargayError('GIT_BASE_UNKNOWN', 'It cannot be told from which branch this work comes.', {
    hint: 'Name it with --base, as in `--base origin/main`.',
  });
}
