import { MargayError } from '../../model/margay-error.ts';
import type { History, PublishResponse } from '../../runtime/api/index.ts';
import type { RuntimeClient } from '../client.ts';
import { type GithubOptions, openRepository } from './github-options.ts';

/** What became of the pull request that takes a rollback's merge back. */
export type RollbackRevert =
  | { readonly state: 'opened'; readonly number: number; readonly url: string; readonly isNew: boolean }
  /** It was not asked for, or there is nothing to take back. */
  | { readonly state: 'skipped'; readonly reason: string }
  /** The rollback stands all the same. */
  | { readonly state: 'failed'; readonly error: MargayError };

/** Opens the pull request that brings the repository to where a rollback brought the runtime. Fails by saying so. */
export async function revertRollback(
  client: Pick<RuntimeClient, 'history'>,
  { serial }: Pick<PublishResponse, 'serial'>,
  { reason, ...options }: GithubOptions & { readonly reason: string },
): Promise<RollbackRevert> {
  if (!options.repository) {
    return { state: 'skipped', reason: 'No repository was named, with --repository or in GITHUB_REPOSITORY.' };
  }
  try {
    const commits = commitsToRevert(await client.history(), serial);
    if (typeof commits === 'string') return { state: 'skipped', reason: commits };
    const github = await openRepository(options);
    const { openRevertPullRequest } = await import('../../gitops/github/index.ts');
    const { number, url, isNew } = await openRevertPullRequest(github, { ...commits, reason });
    return { state: 'opened', number, url, isNew };
  } catch (error) {
    if (error instanceof MargayError) return { state: 'failed', error };
    throw error;
  }
}

/**
 * The commit that a rollback took back, and the one that it went back to, where it is known; or why there are none.
 *
 * @param serial - Of the rollback.
 */
export function commitsToRevert(
  { activations }: Pick<History, 'activations'>,
  serial: number,
): { readonly sha: string; readonly to?: string } | string {
  const after = activations.find((it) => it.serial === serial);
  const before = activations.find((it) => it.serial === serial - 1);
  if (!after || !before) return 'The history of the runtime no longer shows what was live before.';
  if (before.commit === null) return 'It is not known which commit was live before.';
  if (before.commit === after.commit) return 'Both bundles were made from the same commit.';
  const publishedAs = (digest: string): number =>
    activations.find((it) => it.digest === digest && it.action === 'publish')?.serial ?? 0;
  if (publishedAs(after.digest) > publishedAs(before.digest)) return 'What is live again is newer than what was live.';
  return { sha: before.commit, ...(after.commit === null ? {} : { to: after.commit }) };
}
