import { asking, askingFor, createOnce, update } from './asking.ts';
import type { Github } from './open-github.ts';
import { openPullRequest } from './pull-request.ts';

/** What a pull request is to bring. */
export interface Proposal {
  readonly branch: string;
  /** The branch that it is to be merged into. @defaultValue the repository's default branch */
  readonly base?: string | undefined;
  /** Path from the root of the repository → new text; `null` removes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** The pull request of a proposal. */
export interface Proposed {
  readonly number: number;
  readonly url: string;
  readonly isNew: boolean;
  /** The newest commit of its branch. */
  readonly headSha: string;
}

/**
 * Puts files on a branch, without a work tree or a push, and opens its pull request. The same branch again adds a commit
 * when something differs, and updates the one pull request.
 *
 * @throws GITHUB_REFUSED, GITHUB_FORBIDDEN, GITHUB_UNREACHABLE
 */
export async function proposeChanges(github: Github, proposal: Proposal): Promise<Proposed> {
  const { rest, repository } = github;
  const base =
    proposal.base ?? (await asking('show the repository', () => rest.repos.get(repository))).data.default_branch;
  const { branch, files, title, body, draft } = proposal;
  const tip = await tipOf(github, branch);
  const parent =
    tip ??
    (await asking('show the branch', () => rest.git.getRef({ ...repository, ref: `heads/${base}` }))).data.object.sha;
  const headSha = await writeCommit(github, { parent, files, message: title });
  if (tip === undefined) await createBranch(github, branch, headSha);
  else if (headSha !== tip) {
    await update('move a branch', () => rest.git.updateRef({ ...repository, ref: `heads/${branch}`, sha: headSha }));
  }
  return { ...(await openPullRequest(github, { branch, base, title, body, draft })), headSha };
}

/** Makes a branch; when it is there already it must be at the same commit. */
export async function createBranch(github: Github, branch: string, sha: string): Promise<void> {
  const { rest, repository } = github;
  await createOnce(
    'make a branch',
    async () => ((await tipOf(github, branch)) === sha ? sha : undefined),
    async () => (await rest.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha })).data.object.sha,
  );
}

/** The newest commit of a branch. */
export async function tipOf({ rest, repository }: Github, branch: string): Promise<string | undefined> {
  const found = await askingFor('show a branch', () => rest.git.getRef({ ...repository, ref: `heads/${branch}` }));
  return found?.data.object.sha;
}

/** A commit of files upon a parent; the parent itself when nothing differs. Objects nobody refers to do no harm. */
async function writeCommit(
  { rest, repository }: Github,
  { parent, files, message }: { parent: string; files: Proposal['files']; message: string },
): Promise<string> {
  const before = await asking('show a commit', () => rest.git.getCommit({ ...repository, commit_sha: parent }));
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    ...(content === null ? { sha: null } : { content }),
  }));
  const tree = await update('write files', () =>
    rest.git.createTree({ ...repository, base_tree: before.data.tree.sha, tree: entries }),
  );
  if (tree.data.sha === before.data.tree.sha) return parent;
  const made = await update('write a commit', () =>
    rest.git.createCommit({ ...repository, message, tree: tree.data.sha, parents: [parent] }),
  );
  return made.data.sha;
}
