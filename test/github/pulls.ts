import {
  type Answer,
  type Call,
  created,
  type GithubState,
  type Handler,
  type Json,
  notFound,
  ok,
  type PullRequest,
  refuse,
  userOf,
} from './github-state.ts';

const repo = '/repos/{owner}/{repo}';
/** What GitHub takes; its description does not say so. */
const maxCommentLength = 65_536;

export const pullRoutes: Readonly<Record<string, Handler>> = {
  'GET /user': ({ kind, login }) =>
    kind === 'actions' || kind === 'fork' ? refuse(403, 'Resource not accessible by integration') : ok(userOf(login)),
  [`GET ${repo}/pulls`]: ({ state, query, path }) => {
    const head = query.get('head');
    const wanted = query.get('state') ?? 'open';
    const found = state.pulls
      .filter((it) => wanted === 'all' || it.state === wanted)
      .filter((it) => !query.has('base') || it.base === query.get('base'))
      .filter((it) => head === null || head === `${path.owner}:${it.head}`);
    return { status: 200, items: found.map((it) => pullOf(state, it)) };
  },
  [`POST ${repo}/pulls`]: createPull,
  [`GET ${repo}/pulls/{pull_number}`]: (call) => withPull(call, (pull) => ok(pullOf(call.state, pull))),
  [`PATCH ${repo}/pulls/{pull_number}`]: (call) =>
    withPull(call, (pull) => {
      Object.assign(pull, call.body);
      return ok(pullOf(call.state, pull));
    }),
  [`POST ${repo}/pulls/{pull_number}/reviews`]: (call) => withPull(call, (pull) => review(call, pull)),
  [`PUT ${repo}/pulls/{pull_number}/merge`]: (call) => withPull(call, (pull) => merge(call, pull)),
  [`GET ${repo}/issues/{issue_number}/comments`]: ({ state, path }) => ({
    status: 200,
    items: state.comments.filter(({ issue }) => issue === Number(path.issue_number)).map(commentOf),
  }),
  [`POST ${repo}/issues/{issue_number}/comments`]: ({ state, path, body, login }) => {
    const text = String(body.body);
    if (text.length > maxCommentLength) return refuse(422, 'Validation Failed', ['body is too long']);
    state.nextId += 1;
    const comment = { id: state.nextId, issue: Number(path.issue_number), author: login, body: text };
    state.comments.push(comment);
    return created(commentOf(comment));
  },
  [`PATCH ${repo}/issues/comments/{comment_id}`]: ({ state, path, body }) => {
    const comment = state.comments.find(({ id }) => id === Number(path.comment_id));
    if (!comment) return notFound();
    if (String(body.body).length > maxCommentLength) return refuse(422, 'Validation Failed', ['body is too long']);
    comment.body = String(body.body);
    return ok(commentOf(comment));
  },
};

function createPull({ state, body, login }: Call): Answer {
  const head = String(body.head);
  const isDuplicate = state.pulls.some((it) => it.state === 'open' && it.head === head && it.base === body.base);
  if (isDuplicate) {
    return refuse(422, 'Validation Failed', [{ message: `A pull request already exists for ${head}.` }]);
  }
  if (state.git.resolve(`heads/${head}`) === undefined) return refuse(422, 'Validation Failed', [{ field: 'head' }]);
  const pull: PullRequest = {
    number: state.pulls.length + 1,
    author: login,
    head,
    base: String(body.base),
    title: String(body.title),
    body: String(body.body ?? ''),
    draft: body.draft === true,
    state: 'open',
    approvals: [],
  };
  state.pulls.push(pull);
  return created(pullOf(state, pull));
}

function review({ state, body, login }: Call, pull: PullRequest): Answer {
  const { event } = body;
  const sha = state.git.resolve(`heads/${pull.head}`) as string;
  if (event === 'APPROVE' && login === pull.author)
    return refuse(422, 'Unprocessable Entity', ['Can not approve your own pull request']);
  if (event === 'APPROVE') pull.approvals.push({ login, sha });
  state.nextId += 1;
  const shown = event === 'APPROVE' ? 'APPROVED' : 'COMMENTED';
  return ok({ id: state.nextId, user: userOf(login), state: shown, commit_id: sha });
}

function merge({ state }: Call, pull: PullRequest): Answer {
  const baseSha = state.git.resolve(`heads/${pull.base}`) as string;
  const headSha = state.git.resolve(`heads/${pull.head}`) as string;
  if (pull.state !== 'open' || pull.draft) return refuse(405, 'Pull Request is not mergeable');
  const missing = requiredChecks(state).filter((name) => {
    const last = state.checks.filter((it) => it.headSha === headSha && it.name === name).at(-1);
    return !['success', 'neutral', 'skipped'].includes(last?.conclusion ?? '');
  });
  if (missing.length > 0) return refuse(405, `Required status check "${missing[0]}" is expected.`);
  const approvals = new Set(pull.approvals.filter(({ sha }) => sha === headSha).map(({ login }) => login));
  if (approvals.size < requiredApprovals(state))
    return refuse(405, 'An approving review of the last commit is required.');
  const tree = state.git.mergeTree(baseSha, headSha);
  if (tree === undefined) return refuse(405, 'Pull Request has merge conflicts');
  const sha = state.git.writeCommit(tree, [baseSha, headSha], `Merge pull request #${pull.number}\n\n${pull.title}`);
  state.git.git(['update-ref', `refs/heads/${pull.base}`, sha]);
  Object.assign(pull, { state: 'closed', mergeSha: sha, headSha });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

function requiredChecks(state: GithubState): readonly string[] {
  return activeRules(state, 'required_status_checks')
    .flatMap((parameters) => parameters.required_status_checks as Json[])
    .map(({ context }) => String(context));
}

/** Of the newest commit: our ruleset dismisses what came before it. */
function requiredApprovals(state: GithubState): number {
  const counts = activeRules(state, 'pull_request').map((it) => Number(it.required_approving_review_count));
  return Math.max(0, ...counts);
}

/** The parameters of each rule of a type. */
function activeRules(state: GithubState, type: string): readonly Json[] {
  return state.rulesets
    .filter(({ enforcement }) => enforcement === 'active')
    .flatMap(({ rules }) => rules as Json[])
    .filter((rule) => rule.type === type)
    .map(({ parameters }) => parameters as Json);
}

function withPull({ state, path }: Call, answer: (pull: PullRequest) => Answer): Answer {
  const pull = state.pulls.find(({ number }) => number === Number(path.pull_number));
  return pull ? answer(pull) : notFound();
}

function pullOf(state: GithubState, pull: PullRequest): Json {
  const { number, title, body, draft, head, base, mergeSha } = pull;
  const sha = pull.headSha ?? state.git.resolve(`heads/${head}`) ?? '';
  return {
    number,
    title,
    body,
    draft,
    state: pull.state,
    head: { ref: head, sha, repo: { full_name: 'team/detections' } },
    base: { ref: base, sha: state.git.resolve(`heads/${base}`) },
    merge_commit_sha: mergeSha ?? null,
    merged_at: mergeSha ? '2026-01-01T00:00:00Z' : null,
    html_url: `https://github.example.com/pull/${number}`,
  };
}

function commentOf({ id, body, author }: GithubState['comments'][number]): Json {
  return { id, body, user: userOf(author), html_url: `https://github.example.com/comment/${id}` };
}
