import { execFileSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContentChanges, copyContent } from '../copy-content.ts';
import type { LocalGithub } from './start-local-github.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));
const person = ['-c', 'user.name=Mira', '-c', 'user.email=mira@example.com'];

/** What git answers in a folder, as Mira. */
export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', [...person, ...args], { cwd: folder, stdio: 'pipe' })
    .toString()
    .trimEnd();
}

/** Makes the repository's content, with changes, the branch `main` at a local GitHub. @returns A clone of it, below a folder. */
export function cloneContent(github: LocalGithub, folder: string, changes: ContentChanges = {}): string {
  pushMain(github, copyContent(folder, { '.gitignore': 'node_modules\n.margay\n', ...changes }));
  return cloneBranch(github, folder);
}

/** Makes the files of a folder the branch `main` at a local GitHub. */
export function pushMain(github: LocalGithub, source: string): void {
  git(source, 'init', '--quiet', '--initial-branch=main');
  git(source, 'add', '--all');
  git(source, 'commit', '--quiet', '--message=Start');
  git(source, 'push', '--quiet', github.state.git.path, 'main');
}

/** Clones a branch, below a folder, and installs what content imports. @returns The clone. */
export function cloneBranch(github: LocalGithub, folder: string, branch = 'main'): string {
  const clone = mkdtempSync(join(folder, 'clone-'));
  git(folder, 'clone', '--quiet', '--branch', branch, github.state.git.path, clone);
  symlinkSync(packages, join(clone, 'node_modules'));
  git(clone, 'config', 'user.name', 'Mira');
  git(clone, 'config', 'user.email', 'mira@example.com');
  return clone;
}
