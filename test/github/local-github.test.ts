import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Json, TokenKind } from './github-state.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from './start-local-github.ts';

let folder: string;
let github: LocalGithub;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-local-github-'));
  github = await startLocalGithub(join(folder, 'bare.git'));
});

afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true });
});

it('a commit that is made through the git data API is a commit of real git', async () => {
  const first = await commit('detections/a.yml', 'level: low\n');
  await commit('detections/b.yml', 'level: high\n', first);
  expect(github.state.git.git(['show', 'main:detections/a.yml'])).toBe('level: low');
  expect(github.state.git.git(['log', '--format=%s', 'main'])).toBe('Write detections/b.yml\nWrite detections/a.yml');
  expect(github.wrongShapes).toEqual([]);
});

it('a ref and a pull request exist once', async () => {
  const sha = await commit('a.yml', 'a\n');
  expect((await post('git/refs', { ref: 'refs/heads/work', sha })).status).toBe(201);
  expect((await post('git/refs', { ref: 'refs/heads/work', sha })).status).toBe(422);
  expect((await post('pulls', { title: 'A', head: 'work', base: 'main' })).status).toBe(201);
  expect((await post('pulls', { title: 'A', head: 'work', base: 'main' })).status).toBe(422);
});

it('nothing is merged before the check that a ruleset requires has passed', async () => {
  const first = await commit('a.yml', 'a\n');
  const sha = await commit('b.yml', 'b\n', first, 'work');
  await post('pulls', { title: 'B', head: 'work', base: 'main' });
  await post('rulesets', ruleset, 'admin');
  const merge = () => ask('PUT', 'pulls/1/merge', {});
  expect((await merge()).status).toBe(405);
  await post('check-runs', { name: 'margay', head_sha: sha, status: 'completed', conclusion: 'failure' });
  expect((await merge()).status).toBe(405);
  await post('check-runs', { name: 'margay', head_sha: sha, status: 'completed', conclusion: 'success' });
  expect((await merge()).status).toBe(200);
  expect(github.state.git.git(['show', 'main:b.yml'])).toBe('b');
  expect(github.wrongShapes).toEqual([]);
});

it('where a ruleset asks for a review, nothing is merged before somebody else approved its last commit', async () => {
  const first = await commit('a.yml', 'a\n');
  const second = await commit('b.yml', 'b\n', first, 'work');
  await post('pulls', { title: 'B', head: 'work', base: 'main' }, 'user');
  await post('rulesets', { ...ruleset, rules: [reviewed] }, 'admin');
  const merge = () => ask('PUT', 'pulls/1/merge', {});
  const approve = (kind: TokenKind) => post('pulls/1/reviews', { event: 'APPROVE' }, kind);
  expect((await approve('user')).status).toBe(422);
  expect((await merge()).status).toBe(405);
  expect((await approve('admin')).status).toBe(200);
  await commit('c.yml', 'c\n', second, 'work');
  expect((await merge()).status).toBe(405);
  await approve('admin');
  expect((await merge()).status).toBe(200);
  expect(github.wrongShapes).toEqual([]);
});

it.each([
  ['fork', 'issues/1/comments', { body: 'hello' }],
  ['user', 'check-runs', { name: 'margay', head_sha: 'a'.repeat(40) }],
  ['admin', 'check-runs', { name: 'margay', head_sha: 'a'.repeat(40) }],
  ['actions', 'rulesets', { name: 'margay', enforcement: 'active' }],
] as const)('a token of kind %s may not write %s', async (kind, path, body) => {
  expect((await post(path, body, kind)).status).toBe(403);
});

it('a token that nobody gave out is refused', async () => {
  const response = await fetch(`${github.url}/repos/team/detections`, { headers: { authorization: 'token none' } });
  expect(response.status).toBe(401);
});

it('a comment has at most 65,536 characters, and comments come in pages', async () => {
  expect((await post('issues/1/comments', { body: 'x'.repeat(65_537) })).status).toBe(422);
  expect((await post('issues/1/comments', { body: 'x'.repeat(65_536) })).status).toBe(201);
  await post('issues/1/comments', { body: 'second' });
  const first = await ask('GET', 'issues/1/comments?per_page=1');
  expect(first.link).toContain('page=2>; rel="next"');
  expect((await ask('GET', 'issues/1/comments?per_page=1&page=2')).body).toMatchObject([{ body: 'second' }]);
});

it('an answer can be lost after the request was carried out', async () => {
  github.fail({ method: 'POST', path: '/comments', status: 502, isDone: true });
  expect((await post('issues/1/comments', { body: 'hello' })).status).toBe(502);
  expect(github.state.comments).toHaveLength(1);
});

it('what the official description forbids is refused, where it is installed', async (test) => {
  test.skip(!github.hasShapes, 'npm ci --prefix test/github installs it');
  const annotation = { path: 'a.yml', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'm' };
  const check = (annotations: readonly Json[]) =>
    post('check-runs', {
      name: 'margay',
      head_sha: 'a'.repeat(40),
      output: { title: 't', summary: 's', annotations },
    });
  expect((await check(Array.from({ length: 50 }, () => annotation))).status).toBe(201);
  expect((await check(Array.from({ length: 51 }, () => annotation))).status).toBe(422);
  expect((await check([{ ...annotation, annotation_level: 'error' }])).status).toBe(422);
  expect((await post('issues/1/comments', { body: 'a', text: 'b' })).status).toBe(422);
  expect((await post('rulesets', { ...ruleset, enforcement: 'on' }, 'admin')).status).toBe(422);
  expect((await ask('GET', 'pulls?stat=open')).status).toBe(422);
});

const reviewed = {
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 1,
    required_review_thread_resolution: false,
  },
};
const ruleset = {
  name: 'margay',
  target: 'branch',
  enforcement: 'active',
  rules: [
    {
      type: 'required_status_checks',
      parameters: { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'margay' }] },
    },
  ],
};

async function commit(path: string, content: string, parent?: string, branch = 'main'): Promise<string> {
  const tree = await post('git/trees', {
    tree: [{ path, mode: '100644', type: 'blob', content }],
    ...(parent ? { base_tree: parent } : {}),
  });
  const made = await post('git/commits', {
    tree: (tree.body as Json).sha,
    message: `Write ${path}`,
    parents: parent ? [parent] : [],
  });
  const { sha } = made.body as { sha: string };
  const isNew = (await ask('GET', `git/ref/heads%2F${branch}`)).status === 404;
  if (isNew) await post('git/refs', { ref: `refs/heads/${branch}`, sha });
  else await ask('PATCH', `git/refs/heads%2F${branch}`, { sha });
  return sha;
}

function post(path: string, body: Json, kind: TokenKind = 'actions') {
  return ask('POST', path, body, kind);
}

async function ask(method: string, path: string, body?: Json, kind: TokenKind = 'actions') {
  const response = await fetch(`${github.url}/repos/team/detections/${path}`, {
    method,
    headers: { authorization: `token ${tokenOf(kind)}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, link: response.headers.get('link'), body: (await response.json()) as unknown };
}
