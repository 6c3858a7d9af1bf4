import { findMergeBase } from '../../gitops/git/index.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { PlanDrift } from '../../model/plan.ts';
import { compileCommit, type ReadBase } from './read-base.ts';

/**
 * Which items are live and other than in the commit from which the work comes; `undefined` when none is, or where there
 * is no git, no such commit, or it does not compile. What was published from that very commit is taken to be it.
 */
export async function findDrift(root: string, { base, bundle: live }: ReadBase): Promise<PlanDrift | undefined> {
  if (base.kind !== 'live' || !live) return undefined;
  try {
    const commit = await findMergeBase(root, undefined);
    if (commit === base.commit) return undefined;
    const bundle = await compileCommit(root, commit);
    if (!bundle) return undefined;
    const { diffBundles } = await import('../../gitops/plan/index.ts');
    const items = diffBundles(live, bundle).items.map(({ kind, id }) => ({ kind, id }));
    return items.length > 0 ? { commit, items } : undefined;
  } catch (error) {
    if (error instanceof MargayError && error.code.startsWith('GIT_')) return undefined;
    throw error;
  }
}
