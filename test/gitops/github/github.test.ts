import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  applySetup,
  type CheckAnnotation,
  openGithub,
  openRevertPullRequest,
  proposeChanges,
  readSetup,
  reportCheck,
  reportDeployment,
  writeStickyComment,
} from '../../../framework/gitops/github/index.ts';
import type { TokenKind } from '../../github/github-state.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from '../../github/start-local-github.ts';

// Each request may start a few processes of git.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let github: LocalGithub;
let first: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-github-'));
  github = await startLocalGithub(join(folder, 'bare.git'));
  const { git } = github.state;
  const tree = git.writeTree(undefined, [{ path: 'detections/a.yml', mode: '100644', content: 'level: low\n' }]);
  first = git.writeCommit(tree, [], 'Start');
  git.git(['update-ref', 'refs/heads/main', first]);
});

afterEach(async () => {
  expect(github.wrongShapes).toEqual([]);
  await github.close();
  rmSync(folder, { recursive: true });
});

const proposal = {
  branch: 'margay/b',
  files: { 'detections/b.yml': 'level: high\n' },
  title: 'Add b',
  retitle: true,
  body: 'Tests pass.',
  draft: true,
};
const note = { pullNumber: 1, marker: '<!-- mark -->', body: '<!-- mark --> one' };

it('a comment is written once, and then in place, also on a later page', async () => {
  for (let index = 0; index < 120; index += 1) {
    github.state.comments.push({ id: 1000 + index, issue: 1, author: 'mira', body: `comment ${index}` });
  }
  expect(await writeStickyComment(open(), note)).toMatchObject({ action: 'created' });
  expect(await writeStickyComment(open(), note)).toMatchObject({ action: 'unchanged' });
  expect(await writeStickyComment(open(), { ...note, body: '<!-- mark --> two' })).toMatchObject({ action: 'updated' });
  expect(github.state.comments.slice(120).map(({ body }) => body)).toEqual(['<!-- mark --> two']);
});

it("somebody else's comment with the same marker is left alone", async () => {
  github.state.comments.push({ id: 1, issue: 1, author: 'mallory', body: '<!-- mark --> mine' });
  await writeStickyComment(open(), note);
  await writeStickyComment(open('user'), note);
  expect(github.state.comments.map(({ author }) => author)).toEqual(['mallory', 'github-actions[bot]', 'mira']);
});

it('a comment whose answer got lost is not written twice', async () => {
  github.fail({ method: 'POST', path: '/comments', status: 502, isDone: true });
  await writeStickyComment(open(), note);
  github.fail({ method: 'POST', path: '/comments', status: 502 });
  await writeStickyComment(open(), { ...note, pullNumber: 2 });
  expect(github.state.comments.map(({ issue }) => issue)).toEqual([1, 2]);
});

it.each([
  ['a secondary limit, as 403', { status: 403, headers: { 'retry-after': '1' } }],
  ['a secondary limit, as 429', { status: 429, headers: { 'retry-after': '1' } }],
  ['the limit of an hour', { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' } }],
])('%s is waited for, and the comment is there once', async (_, fault) => {
  github.fail({ method: 'POST', path: '/comments', ...fault });
  expect(await writeStickyComment(open('actions', true), note)).toMatchObject({ action: 'created' });
  expect(github.state.comments).toHaveLength(1);
});

it('a check has all its annotations, in batches, also when an answer got lost', async () => {
  const annotations = Array.from({ length: 120 }, (_, index): CheckAnnotation => {
    const line = index + 1;
    const level = { annotation_level: 'warning', title: 'T', message: `line ${line}` } as const;
    return { path: 'detections/a.yml', start_line: line, end_line: line, ...level };
  });
  const report = {
    name: 'plan',
    headSha: first,
    conclusion: 'failure',
    title: 'T',
    summary: 'S',
    annotations,
  } as const;
  github.fail({ method: 'POST', path: '/check-runs', status: 502, isDone: true });
  await reportCheck(open(), report);
  const [run] = github.state.checks;
  github.fail({ method: 'PATCH', path: `/check-runs/${(run?.id ?? 0) + 1}`, status: 502, isDone: true });
  await reportCheck(open(), report);
  expect(github.state.checks.map(({ conclusion, annotations: all }) => [conclusion, all.length])).toEqual([
    ['failure', 120],
    ['failure', 120],
  ]);
  expect(github.state.checks[1]?.annotations.at(-1)).toMatchObject({ start_line: 120 });
});

it('a deployment is one per commit and environment, with each status once', async () => {
  const report = { sha: first, environment: 'live', description: 'Published' } as const;
  github.fail({ method: 'POST', path: '/deployments', status: 502, isDone: true });
  for (const state of ['in_progress', 'in_progress', 'success', 'success'] as const)
    await reportDeployment(open(), { ...report, state });
  await reportDeployment(open(), { ...report, environment: 'trial', state: 'failure' });
  expect(github.state.deployments.map((it) => [it.environment, it.statuses.map(({ state }) => state)])).toEqual([
    ['live', ['in_progress', 'success']],
    ['trial', ['failure']],
  ]);
});

it('a proposal is a branch and one pull request, however often it is made', async () => {
  github.fail({ method: 'POST', path: '/git/refs', status: 502, isDone: true });
  github.fail({ method: 'POST', path: '/pulls', status: 502, isDone: true });
  const made = await proposeChanges(open(), proposal);
  expect(github.state.pulls).toMatchObject([
    { number: 1, draft: true, title: 'Add b', body: expect.stringContaining('Tests pass.') },
  ]);
  const again = await proposeChanges(open(), { ...proposal, body: 'Tests pass still.' });
  expect(again).toMatchObject({ number: 1, isNew: false, headSha: made.headSha });
  const changed = { 'detections/b.yml': 'level: low\n', 'detections/a.yml': null };
  await proposeChanges(open(), { ...proposal, files: changed });
  const { git } = github.state;
  expect(git.git(['ls-tree', '-r', '--name-only', 'margay/b'])).toBe('detections/b.yml');
  expect(git.git(['show', 'margay/b:detections/b.yml'])).toBe('level: low');
  expect(git.git(['log', '--format=%s', 'main..margay/b'])).toBe('Add b\nAdd b');
  expect(github.state.pulls).toHaveLength(1);
});

it('a repository is set up once, and then requires the check', async () => {
  const setup = { checks: ['plan'], environments: ['live'] };
  const changes = await readSetup(open('admin'), setup);
  expect(changes.map(({ kind, change }) => [kind, change])).toEqual([
    ['ruleset', 'create'],
    ['environment', 'create'],
  ]);
  await applySetup(open('admin'), setup, changes);
  expect(await readSetup(open('admin'), setup)).toEqual([]);
  const more = { ...setup, checks: ['plan', 'test'] };
  const added = await readSetup(open('admin'), more);
  expect(added).toMatchObject([{ kind: 'ruleset', change: 'update' }]);
  await expect(applySetup(open(), more, added)).rejects.toMatchObject({ code: 'GITHUB_FORBIDDEN' });
  await applySetup(open('admin'), more, added);
  expect(await readSetup(open('admin'), more)).toEqual([]);
  expect(github.state.rulesets).toHaveLength(1);
});

it('setting a repository up leaves what a team asks of it besides', async () => {
  const setup = { checks: ['plan'], environments: ['live'] };
  const { rest } = open('admin');
  const team = { owner: 'team', repo: 'detections' };
  const reviewing = { wait_timer: 30, prevent_self_review: true, reviewers: [{ type: 'User' as const, id: 7 }] };
  await rest.repos.createOrUpdateEnvironment({ ...team, environment_name: 'live', ...reviewing });
  await applySetup(open('admin'), setup, await readSetup(open('admin'), setup));
  const [ours] = github.state.rulesets as unknown as { id: number; rules: { type: string; parameters?: object }[] }[];
  const checks = { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'lint' }] };
  await rest.repos.updateRepoRuleset({
    ...{ ...team, ruleset_id: ours?.id as number },
    rules: [{ type: 'required_signatures' }, { type: 'required_status_checks', parameters: checks }],
  });
  await applySetup(open('admin'), setup, await readSetup(open('admin'), setup));
  expect(await readSetup(open('admin'), setup)).toEqual([]);
  expect(github.state.environments.get('live')).toMatchObject({
    protection_rules: [
      { type: 'wait_timer', wait_timer: 30 },
      { type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'User', reviewer: { id: 7 } }] },
    ],
    deployment_branch_policy: { protected_branches: true },
  });
  expect(ours?.rules.map(({ type }) => type)).toEqual([
    'required_signatures',
    'required_status_checks',
    'deletion',
    'non_fast_forward',
    'pull_request',
  ]);
  expect(ours?.rules[1]?.parameters).toEqual({
    strict_required_status_checks_policy: false,
    required_status_checks: [{ context: 'lint' }, { context: 'plan' }],
  });
});

it('a repository of one person takes no review, and one that was set up changes only when asked', async () => {
  const setup = { checks: ['plan'], environments: [] };
  const admin = open('admin');
  const set = async (reviews?: number) => {
    const changes = await readSetup(admin, { ...setup, reviews });
    await applySetup(admin, { ...setup, reviews }, changes);
    const rules = github.state.rulesets[0]?.rules as readonly { type: string; parameters?: Record<string, unknown> }[];
    const asked = rules.find(({ type }) => type === 'pull_request')?.parameters;
    return [
      changes.map(({ change }) => change),
      asked?.required_approving_review_count,
      asked?.require_code_owner_review,
    ];
  };
  expect(await set()).toEqual([['create'], 1, true]);
  expect(await set(0)).toEqual([['update'], 0, false]);
  expect(await set()).toEqual([[], 0, false]);
  expect(await set(2)).toEqual([['update'], 2, true]);
  expect(await set(2)).toEqual([[], 2, true]);
});

it('a revert takes back one merge, and keeps what came after it', async () => {
  const merge = (number: number) => open().rest.pulls.merge({ owner: 'team', repo: 'detections', pull_number: number });
  await proposeChanges(open(), { ...proposal, draft: false });
  const { sha } = (await merge(1)).data;
  await proposeChanges(open(), { ...proposal, branch: 'c', files: { 'detections/c.yml': 'c\n' }, draft: false });
  await merge(2);
  const reverted = await openRevertPullRequest(open(), { sha, reason: 'Too many alerts.' });
  expect(await openRevertPullRequest(open(), { sha, reason: 'Too many alerts.' })).toMatchObject({
    number: reverted.number,
    isNew: false,
    headSha: reverted.headSha,
  });
  await merge(reverted.number);
  expect(github.state.git.git(['ls-tree', '-r', '--name-only', 'main'])).toBe('detections/a.yml\ndetections/c.yml');
});

it.each([
  ['fork', 'GITHUB_FORBIDDEN'],
  ['none', 'GITHUB_TOKEN_REFUSED'],
] as const)('a token of kind %s is refused as %s, and is no part of the error', async (kind, code) => {
  const error = await writeStickyComment(open(kind as TokenKind), note).catch((it: unknown) => it);
  expect(error).toMatchObject({ code });
  expect(`${JSON.stringify(error)} ${(error as Error).stack} ${(error as Error).cause}`).not.toContain('ghx_local');
});

it('an Enterprise Server is reached under its path, and one that fails for long is said to', async () => {
  const enterprise = openGithub({ ...access('actions'), apiUrl: `${github.url}/api/v3/` });
  for (let count = 0; count < 3; count += 1) github.fail({ method: 'POST', path: '/comments', status: 502 });
  await expect(writeStickyComment(enterprise, note)).rejects.toMatchObject({ code: 'GITHUB_UNREACHABLE' });
  expect(github.state.comments).toEqual([]);
  expect(github.requests).toContain('POST /repos/team/detections/issues/1/comments');
});

it('what GitHub refuses, and a name that is none, are errors of ours', async () => {
  const taken = { ...proposal, base: 'nowhere' };
  await expect(proposeChanges(open(), taken)).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
  expect(() => openGithub({ repository: 'team', token: 't' })).toThrowError(
    expect.objectContaining({ code: 'GITHUB_REPOSITORY_INVALID' }),
  );
});

function access(kind: TokenKind) {
  return { repository: 'team/detections', token: tokenOf(kind), apiUrl: github.url, paced: false };
}

function open(kind: TokenKind = 'actions', paced = false) {
  return openGithub({ ...access(kind), paced });
}
