import { MargayError } from '../../model/margay-error.ts';
import { asking, update } from './asking.ts';
import type { Github } from './open-github.ts';
import { createBranch, defaultBranch, type Proposed, tipOf } from './propose-changes.ts';
import { openPullRequest } from './pull-request.ts';

/**
 * Opens the pull request that takes back what a merge brought, and nothing that came after it: a commit upon the merge
 * with the files as they were before. The same merge again gives the same pull request.
 *
 * @param sha - The merge, or a commit that was pushed to the branch.
 * @param to - The commit whose files are wanted back, where several merges are taken back at once. @defaultValue the one before `sha`
 * @param base - The branch. @defaultValue the repository's default branch
 * @throws GITHUB_REFUSED for the first commit of a repository.
 */
export async function openRevertPullRequest(
  github: Github,
  {
    sha,
    to,
    base,
    reason,
  }: { readonly sha: string; readonly to?: string; readonly base?: string; readonly reason: string },
): Promise<Proposed> {
  const { rest, repository } = github;
  const into = base ?? (await defaultBranch(github));
  const show = (commit: string) =>
    asking('show a commit', async () => (await rest.git.getCommit({ ...repository, commit_sha: commit })).data);
  const merge = await show(sha);
  const parent = to ?? merge.parents[0]?.sha;
  if (!parent) throw new MargayError('GITHUB_REFUSED', `Nothing was there before ${sha}, so it cannot be taken back.`);
  const subject = merge.message.split('\n')[0] as string;
  const title = `Revert "${subject}"`;
  const body = `This takes back ${sha}${to === undefined ? '' : `, to the files of ${to}`}.\n\n${reason}`;
  const branch = `margay/revert-${sha.slice(0, 12)}${to === undefined ? '' : `-to-${to.slice(0, 12)}`}`;
  const tree = (await show(parent)).tree.sha;
  const tip = await tipOf(github, branch);
  const headSha =
    tip ??
    (
      await update('write a commit', () =>
        rest.git.createCommit({ ...repository, message: `${title}\n\n${body}`, tree, parents: [sha] }),
      )
    ).data.sha;
  if (tip === undefined) await createBranch(github, branch, headSha);
  const opened = await openPullRequest(github, { branch, base: into, title, body, draft: false });
  return { ...opened, headSha, isChanged: tip === undefined };
}
