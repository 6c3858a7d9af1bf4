import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import { canonicalJson } from '../../framework/model/canonical-json.ts';
import { systemClock } from '../../framework/model/clock.ts';
import { sha256Digest } from '../../framework/model/stable-id.ts';
import type { History } from '../../framework/runtime/api/index.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from '../github/start-local-github.ts';
import { sampleBundle, sampleDetection } from '../runtime/detect/sample-bundle.ts';
import { runMargay } from './run-margay.ts';

// Writes keep the distance that GitHub asks for.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let folder: string;
let github: LocalGithub;
let runtime: Runtime;
let client: RuntimeClient;
/** The merges on the main branch, oldest first; each adds a detection. */
let commits: readonly string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-rollback-cli-'));
  github = await startLocalGithub(join(folder, 'bare.git'));
  commits = mergeInTurn('a', 'b', 'c', 'd');
  runtime = await startRuntime({
    directory: join(folder, 'data'),
    port: 0,
    env: {},
    clock: systemClock,
    write: () => {},
  });
  client = connect({ url: runtime.url });
  for (const count of [1, 2, 3]) await client.publish(pack(count), count - 1);
});

afterEach(async () => {
  expect(github.wrongShapes).toEqual([]);
  await runtime.close();
  await github.close();
  rmSync(folder, { recursive: true });
});

it('a rollback opens the pull request that takes back what was live, and nothing that was merged after it', async () => {
  const { code, stdout, stderr } = await margay(['rollback', '--reason', 'a flood of alerts']);
  expect(code).toBe(0);
  expect(stderr).toContain("Publishes are refused until 'margay resume'.");
  expect(stdout).toContain(`${pack(2).digest} is live again`);
  const [pull] = github.state.pulls;
  expect(stdout).toContain('/pull/');
  expect(pull).toMatchObject({
    title: 'Revert "Add c"',
    base: 'main',
    body: expect.stringContaining('a flood of alerts'),
  });
  expect(filesAfterMerge(pull?.head as string)).toBe('detections/a.yml\ndetections/b.yml\ndetections/d.yml');
});

it('a rollback over several publishes takes all of them back at once', async () => {
  const { code, stdout } = await margay(['rollback', '--to', pack(1).digest, '--reason', 'all of it', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    digest: pack(1).digest,
    serial: 4,
    revert: { state: 'opened', isNew: true },
  });
  expect(filesAfterMerge(github.state.pulls[0]?.head as string)).toBe('detections/a.yml\ndetections/d.yml');
});

it('where the pull request cannot be opened the rollback stands, and both are said', async () => {
  const { code, stdout, stderr } = await margay(['rollback', '--reason', 'late', '--json'], { GITHUB_TOKEN: '' });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    serial: 4,
    revert: { state: 'failed', error: { code: 'GITHUB_TOKEN_MISSING' } },
  });
  expect(stderr).toContain('It is rolled back, but no pull request takes it back');
  expect(await client.live()).toMatchObject({ digest: pack(2).digest, frozen: { reason: 'late' } });
});

it('where GitHub does not know the commit the rollback stands', async () => {
  await client.publish({ ...pack(4), commit: '0'.repeat(40) }, 3);
  const { code, stderr } = await margay(['rollback', '--reason', 'late']);
  expect(code).toBe(1);
  expect(stderr).toContain('GITHUB_');
  expect(await client.live()).toMatchObject({ digest: pack(3).digest, serial: 5 });
});

it.each([
  [['--no-pull-request'], {}, 'It was not wanted.'],
  [[], { GITHUB_REPOSITORY: '' }, 'No repository was named'],
])('with %j and %j no pull request is opened, and nothing is wrong', async (args, env, reason) => {
  const { code, stderr } = await margay(['rollback', '--reason', 'late', ...args], env);
  expect(code).toBe(0);
  expect(stderr).toContain(reason);
  expect(github.requests).toEqual([]);
});

it('a way forward again has nothing to revert', async () => {
  await client.rollback({ reason: 'late' });
  const { code, stderr } = await margay(['rollback', '--to', pack(3).digest, '--reason', 'it was good']);
  expect(code).toBe(0);
  expect(stderr).toContain('newer than what was live');
  expect(github.state.pulls).toEqual([]);
});

it('history shows the hold, a publish is refused by it, and resume ends it', async () => {
  await margay(['rollback', '--reason', 'late', '--no-pull-request']);
  const { stdout } = await margay(['history']);
  expect(stdout).toMatch(/^ *4 .* rollback .* late$/m);
  expect(stdout).toContain('publishes are refused');
  await expect(client.publish(pack(4), 4)).rejects.toMatchObject({ code: 'API_CHANNEL_FROZEN' });
  expect(await margay(['resume'])).toMatchObject({ code: 0, stdout: expect.stringContaining('serial 4 is live') });
  const again = await margay(['resume']);
  expect(again.code).toBe(3);
  expect(again.stderr).toContain('API_NOT_FROZEN');
  expect(await client.publish(pack(4), 4)).toMatchObject({ serial: 5 });
  const { activations, frozen } = JSON.parse((await margay(['history', '--json'])).stdout) as History;
  expect(frozen).toBeNull();
  expect(activations.map(({ serial, action, commit }) => [serial, action, commit])).toEqual([
    [5, 'publish', commits[3]],
    [4, 'rollback', commits[1]],
    [3, 'publish', commits[2]],
    [2, 'publish', commits[1]],
    [1, 'publish', commits[0]],
  ]);
});

it('a rollback to what was never live changes nothing, at GitHub neither', async () => {
  const { code, stderr } = await margay(['rollback', '--to', '0123456789', '--reason', 'late']);
  expect(code).toBe(3);
  expect(stderr).toContain('API_BUNDLE_UNKNOWN');
  expect(await client.live()).toMatchObject({ serial: 3, frozen: null });
  expect(github.requests).toEqual([]);
});

/** The bundle of the main branch after so many merges. */
function pack(count: number): BundleEnvelope {
  const detections = ['a', 'b', 'c', 'd']
    .slice(0, count)
    .map((name) => sampleDetection({ id: `okta/${name}`, firstId: `okta/${name}` }));
  const content = canonicalJson(sampleBundle({ detections }));
  return { digest: sha256Digest(content), content, commit: commits[count - 1] as string };
}

function mergeInTurn(...names: readonly string[]): readonly string[] {
  const { git } = github.state;
  const made: string[] = [];
  for (const name of names) {
    const entry = { path: `detections/${name}.yml`, mode: '100644', content: `${name}\n` };
    const tip = made.at(-1);
    made.push(git.writeCommit(git.writeTree(tip, [entry]), tip === undefined ? [] : [tip], `Add ${name}`));
  }
  git.git(['update-ref', 'refs/heads/main', made.at(-1) as string]);
  return made;
}

/** The files of the main branch once the pull request of a branch is merged. */
function filesAfterMerge(branch: string): string {
  const { git } = github.state;
  const tree = git.mergeTree('refs/heads/main', `refs/heads/${branch}`) as string;
  return git.git(['ls-tree', '-r', '--name-only', tree]);
}

function margay(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runMargay([...args, '--url', runtime.url], {
    cwd: folder,
    env: {
      GITHUB_TOKEN: tokenOf('actions'),
      GH_TOKEN: '',
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'team/detections',
      ...env,
    },
  });
}
