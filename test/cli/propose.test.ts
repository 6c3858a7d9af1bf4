import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cloneContent, git } from '../github/clone-content.ts';
import type { TokenKind } from '../github/github-state.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from '../github/start-local-github.ts';
import { runMargay } from './run-margay.ts';

// Writes keep the distance that GitHub asks for, and content is compiled and tested.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const added = 'detections/okta/application-deactivated.yml';
const changed = 'detections/okta/api-token-created.yml';

let folder: string;
let github: LocalGithub;
let clone: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-propose-'));
  github = await startLocalGithub(join(folder, 'bare.git'));
  clone = cloneContent(github, folder);
});

afterEach(async () => {
  expect(github.wrongShapes).toEqual([]);
  await github.close();
  rmSync(folder, { recursive: true });
});

it('a new detection becomes one draft with its results, however often it is proposed', async () => {
  write(added, detection());
  const first = await propose('--json');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const branch = 'margay/okta-application-deactivated';
  expect(JSON.parse(first.stdout)).toMatchObject({
    action: 'opened',
    branch,
    title: 'Add detection okta/application-deactivated',
    draft: true,
    number: 1,
    files: [{ path: added, change: 'added' }],
    tests: { totals: { passed: 2, failed: 0 } },
    coverage: [{ detection: 'okta/application-deactivated', techniques: ['T1098.001', 'T1531'], gained: ['T1531'] }],
  });
  const [pull] = github.state.pulls;
  expect(pull).toMatchObject({ head: branch, base: 'main', draft: true });
  await expect(pull?.body).toMatchFileSnapshot('golden/propose/added.md');
  expect(at(branch, added)).toBe(detection());
  expect(github.state.git.git(['log', '--format=%an %s', `main..${branch}`])).toBe(
    'Mira Add detection okta/application-deactivated',
  );
  expect(git(clone, 'status', '--porcelain')).toBe(`?? ${added}`);

  Object.assign(pull as object, { title: 'A better title', body: `Because of INC-7.\n\n${pull?.body}`, draft: false });
  expect(JSON.parse((await propose('--json')).stdout)).toMatchObject({ action: 'unchanged', number: 1 });
  write(added, detection().replace('level: high', 'level: critical'));
  const again = await propose();
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Updated pull request 1: A better title') });
  expect(github.state.pulls).toMatchObject([
    { title: 'A better title', body: expect.stringMatching(/^Because of INC-7\.[\s\S]*margay:propose/), draft: false },
  ]);
  expect(github.state.git.git(['rev-list', '--count', `main..${branch}`])).toBe('2');
});

it('a dry run shows the pull request, needs no token and changes nothing', async () => {
  write(added, detection());
  const shown = await propose('--dry-run', { kind: 'none' });
  expect(shown.code).toBe(0);
  await expect(shown.stdout).toMatchFileSnapshot('golden/propose/dry-run.txt');
  expect(github.requests).toEqual([]);
  expect((await propose('--dry-run', '--json')).stdout).toContain('"would-open"');
  expect(github.requests.every((request) => request.startsWith('GET'))).toBe(true);
});

it('what does not compile is refused with every problem, and nothing is written', async () => {
  write(added, detection().replace('level: high', 'level: hihg').replace('runbook:', 'runbok:'));
  write('detections/okta/empty.yml', 'title: Empty\n');
  const { code, stderr } = await propose();
  expect(code).toBe(2);
  expect(stderr).toContain('hihg');
  expect(stderr).toContain('detections/okta/empty.yml');
  expect(stderr).toContain('nothing was proposed');
  expect(github.state.pulls).toEqual([]);
  expect(github.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
});

it('with a failing test only a draft is opened, which says so', async () => {
  write(added, detection().replace('match: false', 'match: true'));
  const ready = await propose('--ready');
  expect(ready).toMatchObject({ code: 1, stderr: expect.stringContaining('not ready for review') });
  expect(github.state.pulls).toEqual([]);
  const draft = await propose();
  expect(draft).toMatchObject({ code: 1, stdout: expect.stringContaining('Tests: 1 passed, 1 failed') });
  expect(github.state.pulls).toMatchObject([{ draft: true, body: expect.stringContaining('❌') }]);
});

it('only the paths that are named are compiled and proposed, from whatever branch', async () => {
  git(clone, 'switch', '--quiet', '--create', 'work');
  write(changed, read(changed).replace('level:', 'lvl:'));
  write(added, detection());
  const { stdout, code } = await propose(added, '--ready', '--title', 'Watch applications', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ branch: 'margay/work', draft: false, title: 'Watch applications' });
  expect(github.state.git.git(['diff', '--name-only', 'main', 'margay/work'])).toBe(added);
});

it('files that are taken back leave the pull request, and main that went on comes into it', async () => {
  write(added, detection());
  write(changed, read(changed).replace('level: medium', 'level: high'));
  await propose('--branch', 'work');
  expect(github.state.git.git(['diff', '--name-only', 'main...work'])).toBe(`${changed}\n${added}`);
  git(clone, 'checkout', '--quiet', '--', changed);
  onMain('docs.md', 'More.\n');
  git(clone, 'pull', '--quiet');
  const { stdout } = await propose('--branch', 'work', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ action: 'updated', number: 1 });
  expect(github.state.git.git(['diff', '--name-only', 'main...work'])).toBe(added);
  expect(at('work', 'docs.md')).toBe('More.\n');
});

it("a colleague's commit on the branch is not dropped", async () => {
  write(added, detection());
  await propose();
  const branch = 'margay/okta-application-deactivated';
  git(folder, 'clone', '--quiet', '--branch', branch, github.state.git.path, 'other');
  const other = join(folder, 'other');
  writeFileSync(join(other, added), detection().replace('level: high', 'level: low'));
  git(other, 'commit', '--quiet', '--all', '--message=Lower it');
  git(other, 'push', '--quiet');
  write(added, detection().replace('level: high', 'level: critical'));
  const refused = await propose();
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('GITHUB_BRANCH_MOVED') });
  expect(refused.stderr).toContain('Lower it');
  expect(at(branch, added)).toContain('level: low');
  git(clone, 'stash', '--quiet', '--include-untracked');
  git(clone, 'pull', '--quiet', 'origin', branch);
  write(added, detection().replace('level: high', 'level: critical'));
  expect(await propose('--branch', branch)).toMatchObject({ code: 0 });
  expect(at(branch, added)).toContain('level: critical');
  expect(github.state.pulls).toHaveLength(1);
});

it('nothing to propose is no error, and what is no text is named', async () => {
  expect(await propose()).toMatchObject({ code: 0, stdout: 'Nothing differs; there is nothing to propose.\n' });
  writeFileSync(join(clone, 'fixtures', 'picture.png'), Buffer.from([0xff, 0xd8, 0xff]));
  const { code, stderr } = await propose();
  expect(code).toBe(3);
  expect(stderr).toContain("GIT_NOT_TEXT  'fixtures/picture.png'");
  expect(await propose('detections/none.yml')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('GIT_FAILED'),
  });
});

function detection(): string {
  return `title: Okta application deactivated
level: high
tags: [attack.impact, attack.t1531, attack.t1098.001]
logTypes: [Okta.SystemLog]
detection:
  deactivated:
    eventType: application.lifecycle.deactivate
  condition: deactivated
dedup: { by: [actor.alternateId], period: 1h }
owners: ['@identity']
runbook: Ask whoever deactivated it why.
tests:
  - name: a deactivation matches
    log: fixtures/okta/application-deactivate.json
    expect: { match: true }
  - name: an activation does not
    log: fixtures/okta/application-deactivate.json
    with: { eventType: application.lifecycle.activate }
    expect: { match: false }
`;
}

function read(file: string): string {
  return readFileSync(join(clone, file), 'utf8');
}

function write(file: string, text: string): void {
  writeFileSync(join(clone, file), text);
}

function at(branch: string, file: string): string {
  return `${github.state.git.git(['show', `${branch}:${file}`])}\n`;
}

function onMain(path: string, content: string): void {
  const { git: bare } = github.state;
  const before = bare.resolve('heads/main') as string;
  const sha = bare.writeCommit(bare.writeTree(before, [{ path, mode: '100644', content }]), [before], `Write ${path}`);
  bare.git(['update-ref', 'refs/heads/main', sha]);
}

function propose(...given: readonly (string | { readonly kind: TokenKind | 'none' })[]) {
  const args = given.filter((it) => typeof it === 'string');
  const { kind = 'user' } = given.find((it) => typeof it === 'object') ?? {};
  return runMargay(['propose', ...args], {
    cwd: clone,
    env: {
      GITHUB_TOKEN: kind === 'none' ? '' : tokenOf(kind),
      GH_TOKEN: '',
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'team/detections',
      GITHUB_BASE_REF: '',
    },
  });
}
