import type { Github, Proposed } from '../../gitops/github/index.ts';
import type { DraftedProposal } from './draft-proposal.ts';

/** Where a proposal goes. */
export interface ProposalTarget {
  readonly branch: string;
  readonly base?: string | undefined;
  /** A title that somebody chose. */
  readonly title?: string | undefined;
  readonly draft: boolean;
}

/** Puts a proposal on its branch, as whoever commits in the clone, and opens or updates its pull request. */
export async function carryOutProposal(
  github: Github,
  root: string,
  { from, files, title, body }: DraftedProposal,
  target: ProposalTarget,
): Promise<Proposed> {
  const [{ isInHistory, readAuthor }, { proposeChanges }] = await Promise.all([
    import('../../gitops/git/index.ts'),
    import('../../gitops/github/index.ts'),
  ]);
  return proposeChanges(github, {
    ...target,
    from,
    files: Object.fromEntries(files.map(({ path, content }) => [path, content])),
    title: target.title ?? title,
    retitle: target.title !== undefined,
    body,
    author: await readAuthor(root),
    isKnown: (sha) => isInHistory(root, sha),
  });
}

/**
 * The names that the branch of a proposal may have, the likeliest first: after the branch that is checked out, or, on
 * the branch that it goes to, after each item that changes. The pull request of an earlier proposal has one of them.
 */
export function branchNames(
  {
    branch,
    defaultBranch = 'main',
  }: { readonly branch?: string | undefined; readonly defaultBranch?: string | undefined },
  base: string | undefined,
  { plan, files }: Pick<DraftedProposal, 'plan' | 'files'>,
): readonly string[] {
  const prefix = 'margay/';
  if (branch?.startsWith(prefix)) return [branch];
  if (branch !== undefined && branch !== (base ?? defaultBranch)) return [`${prefix}${branch}`];
  const ids = plan.items.length > 0 ? plan.items.map(({ id }) => id) : files.map(({ path }) => path);
  return ids.map((id) => `${prefix}${id.replaceAll(/[^\w-]+/g, '-').replace(/^-|-$/g, '')}`);
}
