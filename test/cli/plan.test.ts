import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../framework/cli/client.ts';
import { compileContent } from '../../framework/compile/index.ts';
import { systemClock } from '../../framework/model/clock.ts';
import type { Plan } from '../../framework/model/plan.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { type ContentChanges, copyContent } from '../copy-content.ts';
import { runMargay } from './run-margay.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const admin = 'detections/okta/admin-role-granted.yml';
const query = 'scheduled-queries/okta/mfa-bypass-adds-by-user.yml';
const nowhere = 'http://127.0.0.1:9';

let folder: string;
let runtime: Runtime;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-plan-cli-'));
  runtime = await startRuntime({
    directory: join(folder, 'data'),
    port: 0,
    env: {},
    clock: systemClock,
    write: () => {},
  });
  const { envelope } = await compileContent({ root: repository, types: false });
  if (!envelope) throw new Error('The content of the repository does not compile.');
  await connect({ url: runtime.url }).publish(envelope, 0, { allowMissingSecrets: true });
}, 60_000);

afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a plan', { timeout: 120_000 }, () => {
  it('of what is live says that there are no changes', async () => {
    const { code, stdout } = await plan(contentWith({}), ['--detailed-exitcode']);
    expect(steady(stdout)).toMatchInlineSnapshot(`
      "margay plan  sha256:… against http://runtime, serial 1 (sha256:…)

      No changes.
      "
    `);
    expect(code).toBe(0);
  });

  it('shows field by field what changes, whom that reaches, and what the policies say', async () => {
    const { code, stdout } = await plan(contentWith(someChanges()), ['--no-tests', '--detailed-exitcode']);
    await expect(steady(stdout)).toMatchFileSnapshot('golden/plan/changes.txt');
    expect(code).toBe(10);
  });

  it('is a comment for GitHub in Markdown', async () => {
    const { stdout } = await plan(contentWith(someChanges()), ['--no-tests', '--markdown']);
    await expect(steady(stdout)).toMatchFileSnapshot('golden/plan/changes.md');
  });

  it('runs the tests of what is touched alone, and is blocked by one that fails', async () => {
    const root = contentWith({ [query]: read(query).replace('count(*) > 2', 'count(*) > 1') });
    const junit = join(root, 'plan.xml');
    const { code, stdout } = await plan(root, ['--json', '--junit', junit]);
    const { tests, blocked, items, affected } = JSON.parse(stdout) as Plan;
    expect(items.map(({ id }) => id)).toEqual(['okta/mfa-bypass-adds-by-user']);
    expect(affected).toEqual([
      { kind: 'detection', id: 'okta/mfa-bypass-repeated', because: ['okta/mfa-bypass-adds-by-user'] },
    ]);
    expect(tests?.failed.map(({ id }) => id)).toContain('okta/mfa-bypass-adds-by-user');
    expect(blocked).toBe(true);
    expect(code).toBe(1);
    expect(readFileSync(junit, 'utf8')).toContain('<failure message="The test fails."/>');
  });

  it('says how often a changed detection matched', async () => {
    const root = contentWith({
      [admin]: read(admin).replace('period: 1h', 'period: 2h'),
    });
    const { stdout } = await plan(root, ['--json', '--no-tests', '--backtest', '3']);
    const { backtests } = JSON.parse(stdout) as Plan;
    const none = { before: 0, after: 0, both: 0, onlyBefore: 0, onlyAfter: 0 };
    expect(backtests).toEqual([
      {
        detectionId: 'okta/admin-role-granted',
        figures: { days: 3, matches: none, alerts: none, notes: expect.any(Array) },
      },
    ]);
  });

  it('of content that does not compile exits with 2', async () => {
    const { code, stderr } = await plan(
      contentWith({ [admin]: read(admin).replace('level: high', 'level: hihg') }),
      [],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('what does not compile cannot be planned');
  });

  it('is blocked by a policy that the team takes for an error, unless it is waived', async () => {
    const config = (more: string): string =>
      read('margay.config.ts').replace("default: 'terminal',", `default: 'terminal', ${more}`);
    const severe = `policies: { PLAN_LEVEL_LOWERED: 'error' },`;
    const waived = `${severe} waivers: [{ policy: 'PLAN_LEVEL_LOWERED', item: 'okta/admin-role-granted', reason: 'agreed', until: '2999-12-31' }],`;
    const lowered = { [admin]: read(admin).replace('level: high', 'level: medium') };
    const strict = await plan(contentWith({ ...lowered, 'margay.config.ts': config(severe) }), ['--no-tests']);
    expect(strict.code).toBe(1);
    expect(strict.stdout).toContain('This plan cannot be published.');
    const lenient = await plan(contentWith({ ...lowered, 'margay.config.ts': config(waived) }), ['--no-tests']);
    expect(lenient.code).toBe(0);
    expect(lenient.stdout).toContain('waived until 2999-12-31');
  });
});

it('publish refuses what a policy calls an error, and leaves alone what is live', { timeout: 120_000 }, async () => {
  const token = 'detections/okta/api-token-created.yml';
  const root = contentWith({ [token]: null, 'detections/okta/api-token-made.yml': read(token) });
  const before = await connect({ url: runtime.url }).live();
  const { code, stdout, stderr } = await runMargay(['publish', '--no-tests', '--root', root, '--url', runtime.url]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('PLAN_RENAME_WITHOUT_ALIAS');
  expect(stderr).toContain('Policies stand in the way; nothing was published.');
  expect(await connect({ url: runtime.url }).live()).toEqual(before);
});

it('a bundle that was never live is unknown to the runtime', async () => {
  const unknown = connect({ url: runtime.url }).bundle('sha256:none');
  await expect(unknown).rejects.toMatchObject({ code: 'API_BUNDLE_UNKNOWN' });
});

describe('without a runtime', { timeout: 120_000 }, () => {
  it('the commit is compared from which the work comes, index and work tree untouched', async () => {
    const root = contentWith({});
    git(root, 'init', '--quiet', '--initial-branch=main');
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message=Base');
    git(root, 'switch', '--quiet', '--create=work');
    writeFileSync(join(root, admin), read(admin).replace('level: high', 'level: critical'));
    const before = git(root, 'status', '--porcelain', 'detections');
    const { stdout, code } = await runMargay(['plan', '--json', '--no-tests', '--root', root, '--url', nowhere]);
    const { base, items } = JSON.parse(stdout) as Plan;
    expect(base).toEqual({
      kind: 'commit',
      commit: git(root, 'rev-parse', 'main').trim(),
      reason: expect.stringContaining('No runtime answers'),
    });
    expect(items.map(({ id, aspects }) => [id, aspects])).toEqual([['okta/admin-role-granted', ['routing']]]);
    expect(code).toBe(0);
    expect(git(root, 'status', '--porcelain', 'detections')).toBe(before);
  });

  it('and without git everything is new, and the plan says why', async () => {
    const args = ['plan', '--json', '--no-tests', '--root', contentWith({}), '--url', nowhere];
    const { base, items } = JSON.parse((await runMargay(args)).stdout) as Plan;
    expect(base).toEqual({ kind: 'nothing', reason: expect.stringMatching(/No runtime answers.*branch/) });
    expect(new Set(items.map(({ change }) => change))).toEqual(new Set(['added']));
  });

  it('a branch that does not exist is an error', async () => {
    const root = contentWith({});
    git(root, 'init', '--quiet');
    const { code, stderr } = await runMargay(['plan', '--root', root, '--base', 'nobranch']);
    expect(code).toBe(3);
    expect(stderr).toContain('GIT_FAILED');
  });
});

function someChanges(): ContentChanges {
  const token = 'detections/okta/api-token-created.yml';
  return {
    [admin]: read(admin).replace('level: high', 'level: medium').replace('period: 1h', 'period: 90m'),
    [query]: read(query).replace('count(*) > 2', 'count(*) > 1'),
    [token]: null,
    'detections/okta/api-token-made.yml': read(token)
      .replace('system.api_token.create', 'system.api_token.made')
      .replace(/^title: .*$/m, 'title: "Token </details> @everyone | `made`"'),
  };
}

async function plan(root: string, args: readonly string[]) {
  return runMargay(['plan', '--root', root, '--url', runtime.url, ...args]);
}

function contentWith(changes: ContentChanges): string {
  const root = copyContent(folder, changes);
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(repository, 'framework'), join(root, 'node_modules/margay'));
  symlinkSync(join(repository, 'node_modules/vitest'), join(root, 'node_modules/vitest'));
  return root;
}

function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}

function git(root: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' });
}

/** Without what is another in each run. */
function steady(text: string): string {
  return text
    .replaceAll(runtime.url, 'http://runtime')
    .replaceAll(/sha256:[0-9a-f]{12}/g, 'sha256:…')
    .replaceAll(/\d+ unchanged/g, 'N unchanged');
}
