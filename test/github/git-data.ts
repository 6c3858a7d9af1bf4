import type { TreeEntry } from './bare-repository.ts';
import { type Call, created, type Handler, type Json, notFound, ok, refuse } from './github-state.ts';

const repo = '/repos/{owner}/{repo}';

export const gitRoutes: Readonly<Record<string, Handler>> = {
  [`GET ${repo}`]: ({ path }) =>
    ok({ name: path.repo, default_branch: 'main', full_name: `${path.owner}/${path.repo}` }),
  [`GET ${repo}/git/ref/{ref}`]: ({ state, path }) => {
    const sha = state.git.resolve(path.ref as string);
    return sha === undefined ? notFound() : ok(refOf(path.ref as string, sha));
  },
  [`POST ${repo}/git/refs`]: ({ state, body }) => {
    const ref = String(body.ref).replace(/^refs\//, '');
    if (state.git.resolve(ref) !== undefined) return refuse(422, 'Reference already exists');
    state.git.git(['update-ref', `refs/${ref}`, String(body.sha)]);
    return created(refOf(ref, String(body.sha)));
  },
  [`PATCH ${repo}/git/refs/{ref}`]: updateRef,
  [`GET ${repo}/git/commits/{commit_sha}`]: ({ state, path }) => ok(commitOf(state.git, path.commit_sha as string)),
  [`POST ${repo}/git/trees`]: ({ state, body }) => {
    const sha = state.git.writeTree(body.base_tree as string | undefined, body.tree as readonly TreeEntry[]);
    return created({ sha, tree: [], truncated: false });
  },
  [`POST ${repo}/git/commits`]: ({ state, body }) => {
    const author = body.author as { name: string; email: string } | undefined;
    const parents = (body.parents ?? []) as string[];
    return created(
      commitOf(state.git, state.git.writeCommit(String(body.tree), parents, String(body.message), author)),
    );
  },
  [`GET ${repo}/compare/{basehead}`]: ({ state, path }) => {
    const [base = '', head = ''] = (path.basehead as string).split('...');
    return ok(compare(state.git, base, head));
  },
};

function updateRef({ state, path, body }: Call) {
  const ref = path.ref as string;
  const before = state.git.resolve(ref);
  if (before === undefined) return refuse(422, 'Reference does not exist');
  const base = state.git.git(['merge-base', before, String(body.sha)]);
  if (base !== before && body.force !== true) return refuse(422, 'Update is not a fast forward');
  state.git.git(['update-ref', `refs/${ref}`, String(body.sha)]);
  return ok(refOf(ref, String(body.sha)));
}

function compare(git: Call['state']['git'], base: string, head: string): Json {
  const [behind = 0, ahead = 0] = git
    .git(['rev-list', '--left-right', '--count', `${base}...${head}`])
    .split('\t')
    .map(Number);
  const status = ahead === 0 ? (behind === 0 ? 'identical' : 'behind') : behind === 0 ? 'ahead' : 'diverged';
  const listed = git
    .git(['rev-list', '--reverse', `${base}..${head}`])
    .split('\n')
    .filter(Boolean);
  const commits = listed.map((sha) => {
    const { message, author } = git.commit(sha);
    return { sha, commit: { message, author } };
  });
  return { status, ahead_by: ahead, behind_by: behind, total_commits: ahead, commits, files: [] };
}

function refOf(ref: string, sha: string): Json {
  return { ref: `refs/${ref}`, object: { type: 'commit', sha } };
}

function commitOf(git: Call['state']['git'], sha: string): Json {
  const { tree, parents, message } = git.commit(sha);
  return { sha, message, tree: { sha: tree }, parents: parents.map((parent) => ({ sha: parent })) };
}
