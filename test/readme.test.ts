import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(repository, 'README.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the block's first line names, if it does. */
  readonly file: string | undefined;
}

const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']): Block => {
  return { language, text, file: /^(?:#|\/\/) (\S+\.(?:yml|ts))\n/.exec(text)?.[1] };
});
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));

let root: string;
let runtime: ChildProcess | undefined;
let url = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-readme-'));
  for (const part of ['detections', 'scheduled-queries', 'lookups', 'fixtures', 'margay.config.ts', 'package.json']) {
    cpSync(join(repository, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
});

afterAll(async () => {
  if (runtime && runtime.exitCode === null) {
    runtime.kill('SIGTERM');
    await once(runtime, 'exit');
  }
  rmSync(root, { recursive: true, force: true });
});

describe('the README', () => {
  it('names the commands that the gate runs', () => {
    const gate = readFileSync(join(repository, '.ci/run'), 'utf8');
    expect(commands.slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm test']);
    for (const command of ['npm ci', 'npm run --silent demo', 'npm test']) expect(gate).toContain(command);
  });

  it('is followed word for word, and every command does what it says', async () => {
    const printed = new Map<string, string>();
    for (const block of tutorial()) {
      if (block.file) write(block.file, block.text);
      if (block.language !== 'sh') continue;
      for (const command of block.text.trim().split('\n')) printed.set(command, await follow(command));
    }
    const of = (start: string): string =>
      [...printed]
        .filter(([command]) => command.startsWith(start))
        .map(([, text]) => text)
        .join('\n');
    expect(of('npx margay init')).toContain('15 files written to');
    expect(of('npx margay check')).toContain('no problems');
    expect(of('npx margay test')).toMatch(/2 passed/);
    expect(of('npx margay alerts')).toContain('dana@example.com deactivated the policy');
    expect(of('npx margay query')).toMatch(/okta\/policy-deactivated[\s\S]*payroll@example.com/);
    expect(of('npx margay search')).toContain('policy.lifecycle.deactivate by dana@example.com (SUCCESS)');
    expect(of('npx margay search --indicator dana')).toContain('1 event, 1 match');
    expect(of('npx margay query "SELECT badge')).toMatch(/dana +server room/);
    expect(of('npx margay search --indicator 203')).toContain('by dana on server room (opened)');
    expect(of('npx margay restore')).toMatch(/\.data-restored: \d+ files/);
    expect(of('curl')).toContain('"accepted":true');
  }, 900_000);

  it('shows the timeline that is in the repository', () => {
    const block = blocks.find(({ text }) => text.startsWith('  - name: a third add')) as Block;
    const file = readFileSync(join(repository, 'detections/okta/mfa-bypass-repeated.yml'), 'utf8');
    for (const line of block.text.trimEnd().split('\n')) expect(file).toContain(line);
  });

  it('shows the lookup that is in the repository, and how it is joined', () => {
    const [yaml, csv, sql] = ['yaml', 'csv', 'sql'].map((language) =>
      blocks.find((block) => block.language === language && /sensitive|signs payments/.test(block.text)),
    ) as [Block, Block, Block];
    const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
    expect(yaml.text.replace(/^.*\n/, '')).toBe(read('lookups/okta/sensitive-accounts.yml'));
    expect(csv.text).toBe(read('lookups/okta/sensitive-accounts.csv'));
    const query = read('scheduled-queries/okta/sensitive-account-factors-removed.yml');
    for (const line of sql.text.trimEnd().split('\n')) expect(query).toContain(line);
  });

  it('shows the configuration that is in the repository', () => {
    const block = blocks.find(({ file }) => file === 'margay.config.ts') as Block;
    expect(block.text.replace(/^.*\n/, '')).toBe(readFileSync(join(repository, 'margay.config.ts'), 'utf8'));
  });

  it('names every command of the command line', () => {
    const help = spawnSync('npx', ['margay', '--help'], { cwd: repository, encoding: 'utf8' }).stdout;
    const listed = [...help.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name as string);
    for (const name of listed.filter((name) => name !== 'help')) expect(readme).toContain(`\`margay ${name}`);
    expect(listed.length).toBeGreaterThan(8);
  });
});

/** Everything after the two commands of the first block, which install and would test this test. */
function tutorial(): readonly Block[] {
  return blocks.slice(1);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

async function follow(command: string): Promise<string> {
  if (command === 'npm start') return startRuntime();
  const here = command.replace('http://127.0.0.1:7430', url);
  const env = { ...process.env, MARGAY_URL: url, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', here], { cwd: root, env, encoding: 'utf8' });
  expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
  return stdout + stderr;
}

/** `npm start` on a free port, so that the test disturbs no runtime of the reader. */
async function startRuntime(): Promise<string> {
  const env = { ...process.env, MARGAY_PORT: '0', NO_COLOR: '1' };
  runtime = spawn('npm', ['start', '--silent', '--', '--json'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const started = runtime;
  return new Promise((resolve, reject) => {
    let printed = '';
    started.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
    started.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      url = /"url":"([^"]+)"/.exec(printed)?.[1] ?? '';
      if (url !== '' && printed.includes('"published"')) resolve(printed);
    });
  });
}
