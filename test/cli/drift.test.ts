import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
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
const adminId = 'okta/admin-role-granted';
const token = 'detections/okta/api-token-created.yml';

let folder: string;
let runtime: Runtime;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'margay-drift-cli-'));
  const directory = join(folder, 'data');
  runtime = await startRuntime({ directory, port: 0, env: {}, clock: systemClock, write: () => {} });
  const { envelope } = await compileContent({ root: repository, types: false });
  if (!envelope) throw new Error('The content of the repository does not compile.');
  await connect({ url: runtime.url }).publish(envelope, 0, { allowMissingSecrets: true });
}, 60_000);

afterAll(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('drift', { timeout: 120_000 }, () => {
  it('is none where the repository is what is live', async () => {
    const { code, stdout } = await drift(contentWith({}));
    expect(stdout).toContain('No drift: the repository is what is live');
    expect(code).toBe(0);
  });

  it('lists what differs, what is only here and what is only live, and exits with 1', async () => {
    const root = contentWith({ [admin]: lowered(), [token]: null });
    const { code, stdout } = await drift(root);
    expect(stdout).toContain(`${adminId}  differs: `);
    expect(stdout).toContain('okta/api-token-created  only live');
    expect(code).toBe(1);
    const { stdout: json } = await drift(root, '--json');
    const { items } = JSON.parse(json) as Pick<Plan, 'items'>;
    expect(items).toMatchObject([
      { id: adminId, change: 'changed' },
      { id: 'okta/api-token-created', change: 'removed' },
    ]);
  });

  it('does not compare content that does not compile', async () => {
    const { code, stderr } = await drift(contentWith({ [admin]: read(admin).replace('level: high', 'level: hihg') }));
    expect(stderr).toContain('nothing was compared');
    expect(code).toBe(2);
  });

  it('stands in a plan, where what is live is other than the commit from which the work comes', async () => {
    const root = contentWith({ [admin]: lowered() });
    git(root, 'init', '--quiet', '--initial-branch', 'main');
    git(root, 'add', '.');
    git(root, 'commit', '--quiet', '--message', 'Lower a level');
    const { stdout } = await runMargay(['plan', '--root', root, '--url', runtime.url, '--no-tests', '--json']);
    const { drift: found } = JSON.parse(stdout) as Plan;
    expect(found?.items).toEqual([{ kind: 'detection', id: adminId }]);
  });
});

describe('a mute', { timeout: 120_000 }, () => {
  it('is listed, shown in every plan and ended', async () => {
    const key = ['--key', 'bart@example.com'];
    const muted = await margay('mute', adminId, ...key, '--for', '4h', '--reason', 'a migration');
    expect(muted).toMatchObject({ code: 0 });
    const { stdout } = await margay('mutes', '--json');
    const { mutes } = JSON.parse(stdout) as { readonly mutes: readonly unknown[] };
    expect(mutes).toMatchObject([{ ruleId: adminId, dedup: 'bart@example.com', reason: 'a migration' }]);
    const plan = await margay('plan', '--root', contentWith({}), '--no-tests');
    expect(plan.stdout).toContain('a migration');
    // The key is of an event, and a plan is read by whoever reads pull requests.
    expect(plan.stdout).toContain('one key of it');
    expect(plan.stdout).not.toContain('bart@example.com');
    expect(await margay('unmute', adminId, ...key)).toMatchObject({ code: 0 });
    expect(JSON.parse((await margay('mutes', '--json')).stdout)).toMatchObject({ mutes: [] });
  });

  it('for longer than a week, or of a detection that is not live, is refused', async () => {
    expect(await margay('mute', adminId, '--for', '8d', '--reason', 'x')).toMatchObject({ code: 3 });
    const unknown = await margay('mute', 'okta/admin-role-grantd', '--for', '1h', '--reason', 'x');
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toContain(adminId);
  });
});

describe('a publish', { timeout: 120_000 }, () => {
  it('carries out the plan that was shown, and leaves its digest in the audit', async () => {
    const where = [
      '--root',
      contentWith({ [admin]: read(admin).replace(/^title: .*$/m, 'title: A role was granted') }),
      '--no-tests',
    ];
    const { digest } = JSON.parse((await margay('plan', ...where, '--json')).stdout) as Plan;
    expect(await margay('publish', ...where, '--allow-missing-secrets')).toMatchObject({ code: 0 });
    const sql = 'SELECT action, detail FROM audit ORDER BY happened_at DESC LIMIT 1';
    const { rows } = await connect({ url: runtime.url }).query(sql, 1);
    expect(rows).toMatchObject([{ action: 'publish', detail: { serial: 2, plan: digest } }]);
  });
});

function margay(...args: readonly string[]) {
  return runMargay([...args, '--url', runtime.url]);
}

function drift(root: string, ...args: readonly string[]) {
  return margay('drift', '--root', root, ...args);
}

function contentWith(changes: ContentChanges): string {
  const root = copyContent(folder, changes);
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(repository, 'framework'), join(root, 'node_modules/margay'));
  symlinkSync(join(repository, 'node_modules/vitest'), join(root, 'node_modules/vitest'));
  return root;
}

function lowered(): string {
  return read(admin).replace('level: high', 'level: medium');
}

function read(file: string): string {
  return readFileSync(join(repository, file), 'utf8');
}

function git(root: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' });
}
