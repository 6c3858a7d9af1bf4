import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { at } from '../../framework/model/margay-error.ts';
import type { Plan } from '../../framework/model/plan.ts';
import { cloneContent } from '../github/clone-content.ts';
import type { TokenKind } from '../github/github-state.ts';
import { type LocalGithub, startLocalGithub, tokenOf } from '../github/start-local-github.ts';
import { runMargay } from './run-margay.ts';

// Writes keep the distance that GitHub asks for.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let github: LocalGithub;
const sha = 'a'.repeat(40);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-github-cli-'));
  github = await startLocalGithub(join(folder, 'bare.git'));
  writeFileSync(join(folder, 'event.json'), JSON.stringify({ pull_request: { number: 7, head: { sha } } }));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
});

afterEach(async () => {
  expect(github.wrongShapes).toEqual([]);
  await github.close();
  rmSync(folder, { recursive: true });
});

it('a plan becomes one comment of its pull request and a check with remarks on lines', async () => {
  const first = await margay(['github', 'comment', '--plan', 'plan.json', '--json']);
  expect(first).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(first.stdout)).toMatchObject({ to: 'pull-request', action: 'created' });
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...plan, findings: [], blocked: false }));
  const second = await margay(['github', 'comment', '--plan', 'plan.json', '--json']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ action: 'updated' });
  expect(github.state.comments).toMatchObject([{ issue: 7, body: expect.stringContaining('✅ margay plan') }]);
  expect(github.state.checks.map(({ conclusion, annotations }) => [conclusion, annotations])).toEqual([
    ['failure', [expect.objectContaining({ path: 'detections/a.yml', start_line: 3, annotation_level: 'failure' })]],
    ['success', []],
  ]);
});

it.each(['fork', 'none'] as const)(
  'with a token of %s the plan goes to the summary, and remarks to the run',
  async (kind) => {
    const { code, stdout } = await margay(['github', 'comment', '--plan', 'plan.json'], kind);
    expect(stdout).toBe(
      '::error file=detections/a.yml,line=3,title=PLAN_OWNER_MISSING::100%25 of it has no owner.%0AName one.\n',
    );
    expect(code).toBe(1);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('⛔ margay plan');
    expect(github.state.comments).toEqual([]);
  },
);

it('a publish is reported as a deployment, once', async () => {
  for (const state of ['in_progress', 'success', 'success'])
    expect(await margay(['github', 'deployment', '--state', state])).toMatchObject({ code: 0, stderr: '' });
  expect(github.state.deployments).toMatchObject([{ sha, environment: 'live' }]);
  expect(github.state.deployments[0]?.statuses).toHaveLength(2);
});

it('a setup is shown, then applied, then there', async () => {
  const setup = ['github', 'setup', '--check', 'test'];
  expect(await margay(setup, 'admin')).toMatchObject({ code: 1, stdout: expect.stringContaining('create ruleset') });
  expect(github.state.rulesets).toEqual([]);
  expect(await margay([...setup, '--apply'], 'admin')).toMatchObject({ code: 0 });
  expect(await margay(setup, 'admin')).toMatchObject({ code: 0, stdout: 'Everything is set up.\n' });
});

it('the owners of the content are shown, then written into CODEOWNERS, then proposed', async () => {
  const spray = 'detections/okta/password-spray.yml';
  const clone = cloneContent(github, folder, {
    [spray]: read(spray).replace("'@identity'", 'identity, mira@example.com'),
  });
  const file = join(clone, '.github/CODEOWNERS');
  const setup = ['github', 'setup', '--root', clone, '--reviews', '0'];
  const shown = await margay(setup, 'admin');
  expect(shown.code).toBe(1);
  expect(shown.stdout).toContain('create codeowners .github/CODEOWNERS: ');
  expect(shown.stdout).toContain('  + /detections/okta/password-spray.* mira@example.com\n');
  expect(shown.stdout).toContain('GITHUB_OWNER_INVALID');
  expect(shown.stdout).toContain('and without a review');
  expect(existsSync(file)).toBe(false);

  const applied = await margay([...setup, '--apply'], 'admin');
  expect(applied).toMatchObject({
    code: 1,
    stderr: `Propose it: margay propose ${basename(clone)}/.github/CODEOWNERS\n`,
  });
  expect(readFileSync(file, 'utf8')).toContain('/scheduled-queries/okta/mfa-bypass-adds-by-user.* @identity\n');
  writeFileSync(join(clone, spray), read(spray));
  writeFileSync(file, `* @acme/security\n\n${readFileSync(file, 'utf8')}`);
  const again = await margay([...setup, '--json'], 'admin');
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toEqual({
    changes: [
      {
        kind: 'codeowners',
        name: '.github/CODEOWNERS',
        change: 'update',
        detail: 'the owners that the content names; in the work tree, to be proposed as any other change',
        lines: [
          '- /detections/okta/password-spray.* mira@example.com',
          '+ /detections/okta/password-spray.* @identity',
        ],
      },
    ],
    problems: [],
    applied: false,
  });
  expect(await margay([...setup, '--apply'], 'admin')).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toMatch(/^\* @acme\/security\n\n# margay: owners of the content\n/);
  expect(await margay(setup, 'admin')).toMatchObject({ code: 0, stdout: 'Everything is set up.\n', stderr: '' });

  const proposal = ['propose', `${basename(clone)}/.github/CODEOWNERS`, '--root', clone, '--json'];
  const { stdout } = await margay(proposal, 'user');
  const [{ path } = {}] = JSON.parse(stdout).files;
  expect(path).toBe('.github/CODEOWNERS');
  expect(github.state.git.git(['show', `${github.state.pulls[0]?.head}:${path}`])).toContain('* @acme/security\n');
}, 300_000);

it('a setup of content that is wrong says what, and changes nothing', async () => {
  const clone = cloneContent(github, folder, { 'detections/okta/password-spray.yml': 'titel: Spray\n' });
  const { code, stderr } = await margay(['github', 'setup', '--root', clone, '--apply'], 'admin');
  expect(code).toBe(2);
  expect(stderr).toContain('COMPILE_KEY_UNKNOWN');
  expect(github.state.rulesets).toEqual([]);
});

it('an Enterprise Server is reached under its path, from the environment and from the option', async () => {
  const enterprise = `${github.url}/api/v3`;
  const comment = ['github', 'comment', '--plan', 'plan.json', '--json'];
  expect(await margay(comment, 'actions', enterprise)).toMatchObject({ code: 1, stderr: '' });
  expect(await margay([...comment, '--api-url', `${enterprise}/`], 'actions', 'http://127.0.0.1:9')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('unchanged'),
  });
  expect(github.state.comments).toHaveLength(1);
});

it('without a token, a setting stays as it is', async () => {
  const { code, stderr } = await margay(['github', 'setup'], 'none');
  expect(code).toBe(3);
  expect(stderr).toContain('GITHUB_TOKEN_MISSING');
});

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

const plan: Plan = {
  format: 1,
  base: { kind: 'nothing', reason: 'It is the first.' },
  bundle: { digest: `sha256:${'0'.repeat(64)}`, commit: sha },
  items: [],
  unchangedCount: 0,
  affected: [],
  coverage: { before: 0, after: 0, gained: [], lost: [] },
  findings: [
    {
      policy: 'PLAN_OWNER_MISSING',
      severity: 'error',
      breaking: false,
      kind: 'detection',
      id: 'a',
      message: '100% of it has no owner.',
      hint: 'Name one.',
      where: at('detections/a.yml', 3, 1),
    },
  ],
  problems: [],
  tests: null,
  backtests: [],
  blocked: true,
};

function margay(args: readonly string[], kind: TokenKind | 'none' = 'actions', apiUrl = github.url) {
  const token = kind === 'none' ? '' : tokenOf(kind);
  return runMargay(args, {
    cwd: folder,
    env: {
      GITHUB_TOKEN: token,
      GH_TOKEN: '',
      GITHUB_API_URL: apiUrl,
      GITHUB_REPOSITORY: 'team/detections',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      GITHUB_SHA: sha,
    },
  });
}
