import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../framework/model/clock.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { type RunOptions, runMargay } from '../cli/run-margay.ts';
import { cloneBranch, git, pushMain } from './clone-content.ts';
import type { Json, PullRequest, TokenKind } from './github-state.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from './start-local-github.ts';

// Writes keep the distance that GitHub asks for, and every step is a process of its own.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const repository = fileURLToPath(new URL('../..', import.meta.url));
const present = ['detections/okta/api-token-created.yml', 'fixtures/okta/api-token-create.json'];
const added = 'detections/okta/application-deactivated.yml';

let folder: string;
let github: LocalGithub;
let runtime: Runtime;
/** Where Mira works. */
let clone: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-flow-'));
  github = await startLocalGithub(join(folder, 'bare.git'));
  const content = join(folder, 'content');
  mkdirSync(content);
  for (const file of present) cpSync(join(repository, file), join(content, file));
  writeFileSync(join(content, '.gitignore'), 'node_modules\n.margay\n');
  pushMain(github, content);
  clone = cloneBranch(github, folder);
  runtime = await startRuntime({
    ...{ directory: join(folder, 'data'), port: 0, token: 'root', env: {} },
    ...{ clock: systemClock, write: () => {} },
  });
});

afterEach(async () => {
  expect(github.wrongShapes).toEqual([]);
  await Promise.all([runtime.close(), github.close()]);
  rmSync(folder, { recursive: true });
});

it('a new detection is proposed, held back by its failing test, mended, merged, live, and rolled back', async () => {
  await margay(['github', 'setup', '--apply'], { as: 'admin' });
  await margay(['publish', '--no-tests']);
  const start = git(clone, 'rev-parse', 'HEAD');

  write(added, detection('application.lifecycle.deactivated'));
  expect(await read(['propose'], { as: 'user', code: 1 })).toMatchObject({ action: 'opened', number: 1, draft: true });
  const [pull] = github.state.pulls as [PullRequest];
  expect(pull.body).toContain('❌');
  await runWorkflows(pull, 'red');
  // What a person does with a button; the REST API has no such request.
  pull.draft = false;
  await approve();
  expect(await merge()).toMatchObject({ status: 405, message: expect.stringContaining('"test"') });
  expect(github.state.comments).toMatchObject([{ issue: 1, body: expect.stringContaining('⛔ margay plan') }]);
  const { id: comment } = github.state.comments[0] as { id: number };

  write(added, detection('application.lifecycle.deactivate'));
  expect(await read(['propose'], { as: 'user' })).toMatchObject({ action: 'updated', number: 1 });
  expect(await merge()).toMatchObject({ status: 405, message: expect.stringContaining('"test"') });
  await runWorkflows(pull, 'green');
  expect(github.state.comments).toMatchObject([{ id: comment, body: expect.stringContaining('✅ margay plan') }]);
  expect(await merge()).toMatchObject({ status: 405, message: expect.stringContaining('approving review') });
  await approve();
  expect(await merge()).toMatchObject({ status: 200, merged: true });

  const { merged, deployment } = await deploy();
  expect(merged).toBe(pull.mergeSha);
  expect(deployment).toMatchObject({ sha: merged, environment: 'live' });
  expect(deployment?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success']);
  expect(await read(['history'])).toMatchObject({ activations: [{ serial: 2, commit: merged }, { commit: start }] });
  await send('e1', 'mira@example.com');
  expect(await alerts()).toEqual(['Application Payroll deactivated by mira@example.com']);

  expect(await read(['rollback', '--reason', 'a flood of alerts'])).toMatchObject({
    ...{ serial: 3, revert: { state: 'opened', number: 2 } },
  });
  expect(await read(['history'])).toMatchObject({
    activations: [{ serial: 3, action: 'rollback', commit: start }, { serial: 2 }, { serial: 1 }],
    frozen: { reason: 'a flood of alerts' },
  });
  await send('e2', 'dana@example.com');
  expect(await alerts()).toHaveLength(1);
  git(clone, 'clean', '--quiet', '--force', added);
  git(clone, 'pull', '--quiet');
  expect((await margay(['publish', '--no-tests'], { code: 3 })).stderr).toContain('API_CHANNEL_FROZEN');
  const revert = github.state.pulls[1] as PullRequest;
  expect(revert).toMatchObject({ state: 'open', base: 'main', body: expect.stringContaining('a flood of alerts') });
  expect(git(clone, 'ls-tree', '-r', '--name-only', 'HEAD')).toContain(added);
  const reverted = github.state.git.mergeTree('refs/heads/main', `refs/heads/${revert.head}`) as string;
  expect(github.state.git.git(['diff', '--name-only', start, reverted])).toBe('');
});

/** What `test.yml` and `plan.yml` run side by side for the newest commit of a pull request, each job a check of it. */
async function runWorkflows(pull: PullRequest, outcome: 'green' | 'red'): Promise<void> {
  const [code, conclusion] = outcome === 'green' ? [0, 'success'] : [1, 'failure'];
  const job = async (name: string, run: (cwd: string, sha: string) => Promise<void>): Promise<void> => {
    const cwd = cloneBranch(github, folder, pull.head);
    const sha = git(cwd, 'rev-parse', 'HEAD');
    await run(cwd, sha);
    await ask('POST', 'check-runs', { name, head_sha: sha, status: 'completed', conclusion }, 'actions');
  };
  const test = job('test', async (cwd) => {
    await margay(['test'], { cwd, code });
  });
  const plan = job('margay plan', async (cwd, sha) => {
    const { stdout } = await margay(['plan', '--json'], { cwd, code });
    writeFileSync(join(cwd, 'plan.json'), stdout);
    const target = ['--pull', String(pull.number), '--sha', sha, '--check', 'margay plan report'];
    await margay(['github', 'comment', '--plan', 'plan.json', ...target], { cwd, code });
  });
  await Promise.all([test, plan]);
}

/** What `deploy.yml` runs for the newest commit of the main branch. */
async function deploy() {
  const cwd = cloneBranch(github, folder);
  const sha = git(cwd, 'rev-parse', 'HEAD');
  await margay(['github', 'deployment', '--state', 'in_progress', '--sha', sha], { cwd });
  await margay(['publish'], { cwd });
  await margay(['github', 'deployment', '--state', 'success', '--sha', sha], { cwd });
  return { merged: sha, deployment: github.state.deployments[0] };
}

function approve() {
  return ask('POST', 'pulls/1/reviews', { event: 'APPROVE' }, 'admin');
}

function merge() {
  return ask('PUT', 'pulls/1/merge', {}, 'user');
}

async function send(uuid: string, alternateId: string): Promise<void> {
  const record = {
    ...{ uuid, published: '2026-03-10T08:05:12.003Z', eventType: 'application.lifecycle.deactivate' },
    ...{ actor: { alternateId }, target: [{ displayName: 'Payroll' }] },
  };
  await margay(['send', '-', '--log-type', 'Okta.SystemLog'], { input: JSON.stringify(record) });
}

async function alerts(): Promise<readonly unknown[]> {
  const { alerts: all } = (await read(['alerts'])) as { alerts: readonly Json[] };
  return all.map(({ title }) => title);
}

/** The first draft of it waits for an event that nobody sends. */
function detection(eventType: string): string {
  return `title: Okta application deactivated
level: high
tags: [attack.impact, attack.t1531]
logTypes: [Okta.SystemLog]
detection:
  deactivated:
    eventType: ${eventType}
  condition: deactivated
alertTitle: 'Application {target[0].displayName} deactivated by {actor.alternateId}'
dedup: { by: [actor.alternateId], period: 1h }
destinations: []
owners: ['@identity']
runbook: Ask whoever deactivated it why.
tests:
  - name: a deactivation matches
    log: { eventType: application.lifecycle.deactivate, published: '2026-03-10T08:05:12.003Z', uuid: a }
    expect: { match: true }
  - name: an activation does not
    log: { eventType: application.lifecycle.activate, published: '2026-03-10T08:05:12.003Z', uuid: b }
    expect: { match: false }
`;
}

function write(file: string, text: string): void {
  writeFileSync(join(clone, file), text);
}

interface Asked extends RunOptions {
  /** Whose token GitHub sees. @defaultValue a workflow's */
  readonly as?: TokenKind;
  /** @defaultValue 0 */
  readonly code?: number;
}

async function read(args: readonly string[], asked: Asked = {}): Promise<unknown> {
  return JSON.parse((await margay([...args, '--json'], asked)).stdout);
}

async function margay(args: readonly string[], { as = 'actions', code = 0, ...options }: Asked = {}) {
  const result = await runMargay(args, {
    cwd: clone,
    ...options,
    env: {
      ...{ MARGAY_URL: runtime.url, MARGAY_TOKEN: 'root', GITHUB_TOKEN: tokenOf(as), GH_TOKEN: '' },
      ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'team/detections', GITHUB_BASE_REF: '' },
    },
  });
  expect(result.code, `margay ${args.join(' ')}\n${result.stdout}${result.stderr}`).toBe(code);
  return result;
}

async function ask(method: string, path: string, body: Json, as: TokenKind): Promise<Json> {
  const response = await fetch(`${github.url}/repos/team/detections/${path}`, {
    method,
    headers: { authorization: `token ${tokenOf(as)}` },
    body: JSON.stringify(body),
  });
  return { ...((await response.json()) as Json), status: response.status };
}
