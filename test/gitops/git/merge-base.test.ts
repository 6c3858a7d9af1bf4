import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { extractCommit, findMergeBase } from '../../../framework/gitops/git/index.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-git-'));
  vi.stubEnv('GITHUB_BASE_REF', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

describe('the commit where work left its branch', () => {
  it('is found from main, also when main has gone on', async () => {
    const base = repositoryWithWork('main');
    expect(await findMergeBase(root, undefined)).toBe(base);
  });

  it('is found from the branch that a pull request names', async () => {
    const base = repositoryWithWork('develop');
    vi.stubEnv('GITHUB_BASE_REF', 'develop');
    expect(await findMergeBase(root, undefined)).toBe(base);
  });

  it('is not guessed where no branch is known', async () => {
    repositoryWithWork('develop');
    await expect(findMergeBase(root, undefined)).rejects.toMatchObject({
      code: 'GIT_BASE_UNKNOWN',
      hint: expect.stringContaining('--base'),
    });
  });

  it('is an error with the words of git where the branch is none', async () => {
    repositoryWithWork('main');
    await expect(findMergeBase(root, 'nobranch')).rejects.toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining('nobranch'),
    });
  });
});

it('the files of a commit are written elsewhere, below the same folder, and nothing here is touched', async () => {
  const base = repositoryWithWork('main');
  const before = git('status', '--porcelain');
  const folder = mkdtempSync(join(tmpdir(), 'margay-commit-'));
  try {
    const content = await extractCommit(join(root, 'content'), base, folder);
    expect(readFileSync(join(content, 'rule.yml'), 'utf8')).toBe('title: base\n');
    expect(existsSync(join(content, 'new.yml'))).toBe(false);
    expect(git('status', '--porcelain')).toBe(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A repository whose work tree is on a branch that left `branch` one commit ago. @returns That commit. */
function repositoryWithWork(branch: string): string {
  git('init', '--quiet', `--initial-branch=${branch}`);
  commitFile('rule.yml', 'title: base\n');
  const base = git('rev-parse', 'HEAD');
  git('switch', '--quiet', '--create=work');
  commitFile('new.yml', 'title: new\n');
  git('switch', '--quiet', branch);
  commitFile('later.yml', 'title: later\n');
  git('switch', '--quiet', 'work');
  writeFileSync(join(root, 'content/rule.yml'), 'title: not committed\n');
  return base;
}

function commitFile(name: string, text: string): void {
  mkdirSync(join(root, 'content'), { recursive: true });
  writeFileSync(join(root, 'content', name), text);
  git('add', '--all');
  git('commit', '--quiet', `--message=${name}`);
}

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' }).trimEnd();
}
