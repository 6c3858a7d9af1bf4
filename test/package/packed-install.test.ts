import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const framework = fileURLToPath(new URL('../../framework', import.meta.url));
const megabyte = 1024 * 1024;
/** DuckDB is 70 of it, TypeScript (for the compiler, and inside ts-morph) 35, esbuild 11. */
const maxInstallBytes = 170 * megabyte;

let folder: string;
let tarball: string;
/** Made by `margay init`, beside the other one. */
let fresh: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'margay-packed-'));
  fresh = join(mkdtempSync(join(tmpdir(), 'margay-fresh-')), 'my-detections');
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], framework);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) as string);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  npm(['install', '--no-save', '--prefer-offline', tarball], folder);
}, 240_000);

afterAll(() => {
  for (const path of [folder, dirname(fresh)]) rmSync(path, { recursive: true, force: true });
});

it('installs in an empty folder within the size that a user can live with', () => {
  expect(bytesBelow(join(folder, 'node_modules'))).toBeLessThan(maxInstallBytes);
});

it('brings alasql inside, with its licence, and not as a dependency', () => {
  const installed = readdirSync(join(folder, 'node_modules'));
  expect(installed).not.toContain('alasql');
  expect(installed).not.toContain('react-native');
  const bundled = join(folder, 'node_modules/margay/dist/sql/alasql');
  expect(readdirSync(bundled).join(' ')).toMatch(/licen[cs]e/i);
});

it('runs its command', () => {
  const help = execFileSync(join(folder, 'node_modules/.bin/margay'), ['--help'], { encoding: 'utf8' });
  for (const command of ['check', 'test', 'run', 'publish', 'send', 'alerts', 'query', 'status'])
    expect(help).toContain(command);
});

it('says what to install when vitest is missing', () => {
  const run = spawnSync(join(folder, 'node_modules/.bin/margay'), ['test'], { cwd: folder, encoding: 'utf8' });
  expect(run.stderr).toContain('TEST_VITEST_MISSING');
  expect(run.stderr).toContain('npm install --save-dev vitest');
  expect(run.status).toBe(3);
});

it('gives detections what they import', () => {
  const script =
    "import { detection, ip } from 'margay'; console.log(typeof detection, ip.inCidr('192.0.2.7', '192.0.2.0/24'))";
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(printed.trim()).toBe('function true');
});

it('makes a new repository, which installs, checks and tests green', () => {
  execFileSync(join(folder, 'node_modules/.bin/margay'), ['init', fresh], { stdio: 'pipe' });
  // What a registry would give for the version that its package names.
  const manifest = JSON.parse(readFileSync(join(fresh, 'package.json'), 'utf8'));
  manifest.devDependencies.margay = `file:${tarball}`;
  writeFileSync(join(fresh, 'package.json'), JSON.stringify(manifest));
  npm(['install', '--prefer-offline'], fresh);
  expect(readdirSync(join(fresh, '.margay'))).toEqual(['types.d.ts']);
  const run = (command: string): string => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: fresh, encoding: 'utf8' });
    expect({ command, status, printed: status === 0 ? '' : stdout + stderr }).toEqual({
      command,
      status: 0,
      printed: '',
    });
    return stdout + stderr;
  };
  expect(run('npx margay check')).toContain('no problems in 9 files');
  expect(run('npx margay test')).toContain('10 passed');
  expect(run('npm run check')).toContain('no problems');
  expect(run('npm test')).toMatch(/11 passed/);
}, 300_000);

it('ships built files only', () => {
  const shipped = npm(['pack', '--dry-run', '--json', '--ignore-scripts'], framework);
  const files = (JSON.parse(shipped) as [{ files: { path: string }[] }])[0].files.map(({ path }) => path);
  const sources = files.filter((path) => /(?<!\.d)\.ts$/.test(path) || path.includes('node_modules'));
  expect(sources.filter((path) => !path.startsWith('templates/'))).toEqual([]);
  expect(files).toContain('log-types/okta-systemlog.yml');
  expect(files).toContain('LICENSE');
  expect(files).toContain('docs/sql.md');
});

function npm(args: readonly string[], cwd: string): string {
  const env = {
    ...process.env,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function bytesBelow(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}
