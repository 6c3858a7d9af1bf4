import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InitReport } from '../../framework/cli/commands/init.ts';
import { runMargay } from './run-margay.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-init-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const init = (...args: string[]) => runMargay(['init', ...args], { cwd: root });

describe('a new repository', () => {
  it('has one of each, and nothing in it that check finds', async () => {
    const { code, stdout, stderr } = await init('my-detections');
    expect(code).toBe(0);
    expect(stdout).toContain('new     detections/acme/vpn-without-second-factor.ts\n');
    expect(stderr).toMatch(/files written to .*my-detections\.\nNext:\n {2}cd my-detections\n {2}npm install\n/);
    symlinkSync(join(repository, 'node_modules'), join(root, 'my-detections/node_modules'));
    const checked = await runMargay(['check'], { cwd: join(root, 'my-detections') });
    expect(checked).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^no problems in 9 files/) });
  });

  it('has exact versions of what this repository is tested with', async () => {
    await init('a');
    const ours = JSON.parse(read(repository, 'package.json')).devDependencies;
    const { version } = JSON.parse(read(repository, 'framework/package.json'));
    const { devDependencies } = JSON.parse(read(root, 'a/package.json'));
    expect(Object.keys(devDependencies)).toContain('vitest');
    for (const [name, wanted] of Object.entries(devDependencies))
      expect(wanted, name).toBe(name === 'margay' ? version : ours[name]);
  });

  it.each([
    ['My Detections!', 'my-detections'],
    ['..hidden', 'hidden'],
    ['margay', 'margay-detections'],
    ['検出', 'detections'],
  ])('in the folder %s is the package %s', async (folder, name) => {
    await init(folder);
    expect(JSON.parse(read(root, folder, 'package.json')).name).toBe(name);
  });
});

describe('what is there already', () => {
  it('stays as it is, and is named', async () => {
    writeFileSync(join(root, 'README.md'), 'ours\n');
    mkdirSync(join(root, 'test'));
    symlinkSync('/nowhere', join(root, 'test/content.test.ts'));
    const { code, stdout, stderr } = await init('--json');
    expect(code).toBe(0);
    const { files, dryRun } = JSON.parse(stdout) as InitReport;
    expect(dryRun).toBe(false);
    const kept = files.filter(({ outcome }) => outcome === 'kept').map(({ path }) => path);
    expect(kept).toEqual(['README.md', 'test/content.test.ts']);
    expect(read(root, 'README.md')).toBe('ours\n');
    expect(stderr).toContain('2 files of yours left as they are');
  });

  it('goes on where a run broke off', async () => {
    await init();
    rmSync(join(root, 'margay.config.ts'));
    const { stdout } = await init();
    expect(stdout).toMatch(/^same {4}README\.md\n/);
    expect(stdout.match(/^new .*$/gm)).toEqual(['new     margay.config.ts']);
  });

  it('is looked at alone in a dry run', async () => {
    const { code, stdout, stderr } = await init('later', '--dry-run');
    expect({ code, first: stdout.split('\n')[0] }).toEqual({ code: 0, first: 'new     README.md' });
    expect(stderr).toContain('files would be written to');
    expect(() => read(root, 'later/README.md')).toThrow('ENOENT');
  });

  it('is refused when it is a content repository', async () => {
    writeFileSync(join(root, 'margay.config.ts'), '');
    const { code, stdout, stderr } = await init();
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('is a content repository already: it has a margay.config.ts.');
  });

  it('is refused when it is a file where a folder is to be', async () => {
    writeFileSync(join(root, 'a'), '');
    writeFileSync(join(root, 'test'), '');
    for (const run of [await init('a'), await init('a/b'), await init()]) {
      expect(run.code).toBe(3);
      expect(run.stderr).toMatch(/^error CLI_FILE_UNWRITABLE .*\/(a|README\.md|test\/\S+)' /);
    }
  });
});

describe('the workflows of this repository', () => {
  it('are what --github writes', async () => {
    const { code, stdout } = await runMargay(['init', '--github', '--dry-run', '--json'], { cwd: repository });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as InitReport).files).toEqual(
      ['deploy', 'plan', 'test'].map((name) => ({ path: `.github/workflows/${name}.yml`, outcome: 'same' })),
    );
  });

  it('come with a new repository that asks for them', async () => {
    const { stdout } = await init('a', '--github');
    expect(stdout).toMatch(/^new {5}\.github\/workflows\/deploy\.yml\n/);
    expect(read(root, 'a/package.json')).toContain('vitest');
  });
});
