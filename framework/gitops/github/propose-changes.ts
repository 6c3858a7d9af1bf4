import { MargayError } from '../../model/margay-error.ts';
import { asking, askingFor, createOnce, update } from './asking.ts';
import { replaceSection } from './managed-section.ts';
import type { Github } from './open-github.ts';
import { type OpenPullRequest, openPullRequest } from './pull-request.ts';

/** What a pull request is to bring. */
export interface Proposal {
  readonly branch: string;
  /** The branch that it is to be merged into. @defaultValue the repository's default branch */
  readonly base?: string | undefined;
  /** The commit that the files are upon, part of `base`. @defaultValue the newest of `base` */
  readonly from?: string | undefined;
  /** Path from the root of the repository → new text; `null` removes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly title: string;
  /** Whether a pull request that is there gets the title too. */
  readonly retitle: boolean;
  /** Markdown. In a pull request that is there it replaces what an earlier proposal wrote, and nothing else. */
  readonly body: string;
  readonly draft: boolean;
  /** Who makes the commit. @defaultValue whom the token belongs to */
  readonly author?: { readonly name: string; readonly email: string } | undefined;
  /** Whether a commit of the branch that no proposal made is in these files as well. @defaultValue none is */
  readonly isKnown?: ((sha: string) => Promise<boolean>) | undefined;
}

/** The pull request of a proposal. */
export interface Proposed extends OpenPullRequest {
  /** The newest commit of its branch. */
  readonly headSha: string;
  /** Whether the branch got a commit. */
  readonly isChanged: boolean;
}

const marks = { begin: '<!-- margay:propose -->', end: '<!-- /margay:propose -->' };
const trailer = 'Proposed-with: margay';

/**
 * Puts files on a branch, without a push, and opens its pull request. The branch holds exactly `from` with these files
 * then. The same branch again adds a commit when something differs, and keeps the one pull request.
 *
 * @throws GITHUB_BRANCH_MOVED when the branch has commits of others, GITHUB_REFUSED, GITHUB_FORBIDDEN, GITHUB_UNREACHABLE
 */
export async function proposeChanges(github: Github, proposal: Proposal): Promise<Proposed> {
  const { branch, title, retitle, draft } = proposal;
  const base = proposal.base ?? (await defaultBranch(github));
  const from = proposal.from ?? (await tipOf(github, base));
  if (!from) throw new MargayError('GITHUB_REFUSED', `There is no branch '${base}' to propose to.`);
  const tip = await tipOf(github, branch);
  const headSha = await writeCommit(github, proposal, { from, tip });
  if (tip === undefined) await createBranch(github, branch, headSha);
  else if (headSha !== tip) {
    const { rest, repository } = github;
    await update('move a branch', () => rest.git.updateRef({ ...repository, ref: `heads/${branch}`, sha: headSha }));
  }
  const body = replaceSection('', marks, proposal.body);
  const revise = (text: { title: string; body: string }) => ({
    title: retitle ? title : text.title,
    body: replaceSection(text.body, marks, proposal.body),
  });
  const opened = await openPullRequest(github, { branch, base, title, body, draft, revise });
  return { ...opened, headSha, isChanged: headSha !== tip };
}

/** The branch that pull requests of a repository go to. */
export async function defaultBranch({ rest, repository }: Github): Promise<string> {
  return (await asking('show the repository', () => rest.repos.get(repository))).data.default_branch;
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

/** The commit of a proposal; the tip of its branch when that holds the same already. Objects nobody refers to do no harm. */
async function writeCommit(
  github: Github,
  proposal: Proposal,
  { from, tip }: { readonly from: string; readonly tip: string | undefined },
): Promise<string> {
  const { rest, repository } = github;
  const { files, title, author } = proposal;
  const start = await treeOf(github, from);
  const parents = tip === undefined ? [from] : await parentsUpon(github, proposal, { from, tip });
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    ...(content === null ? { sha: null } : { content }),
  }));
  const tree = await update('write files', () =>
    rest.git.createTree({ ...repository, base_tree: start, tree: entries }),
  );
  const [parent] = parents as [string];
  if (parents.length === 1 && parent === tip && (await treeOf(github, tip)) === tree.data.sha) return tip;
  const message = `${title}\n\n${trailer}`;
  const more = author ? { author: { ...author } } : {};
  const made = await update('write a commit', () =>
    rest.git.createCommit({ ...repository, message, tree: tree.data.sha, parents, ...more }),
  );
  return made.data.sha;
}

/**
 * What the next commit of a branch comes after. A branch that was merged starts anew. Where `base` went on, the commit
 * merges it, so that the pull request shows the proposal alone.
 */
async function parentsUpon(
  { rest, repository }: Github,
  { branch, author, isKnown = async () => false }: Proposal,
  { from, tip }: { readonly from: string; readonly tip: string },
): Promise<string[]> {
  const asked = { ...repository, basehead: `${from}...${tip}`, per_page: 100 };
  const { data } = await asking('compare commits', () => rest.repos.compareCommitsWithBasehead(asked));
  if (data.status === 'behind' || data.status === 'identical') return [from];
  const foreign: string[] = [];
  for (const { sha, commit } of data.commits) {
    const isOurs = commit.message.endsWith(trailer) && (!author || commit.author?.email === author.email);
    if (!isOurs && !(await isKnown(sha))) foreign.push(`${sha.slice(0, 12)} (${commit.message.split('\n')[0]})`);
  }
  if (data.total_commits > data.commits.length) foreign.push(`${data.total_commits - data.commits.length} more`);
  if (foreign.length > 0) {
    throw new MargayError('GITHUB_BRANCH_MOVED', `Branch '${branch}' has commits of others: ${foreign.join(', ')}.`, {
      hint: `Get them with 'git pull origin ${branch}', or name another with --branch.`,
    });
  }
  return data.status === 'ahead' ? [tip] : [tip, from];
}

async function treeOf({ rest, repository }: Github, sha: string): Promise<string> {
  const found = await askingFor('show a commit', () => rest.git.getCommit({ ...repository, commit_sha: sha }));
  if (found) return found.data.tree.sha;
  throw new MargayError('GITHUB_REFUSED', `Commit ${sha} is not at GitHub, and what is proposed is upon it.`, {
    hint: 'Push the branch that it belongs to, or name the branch with --base.',
  });
}
