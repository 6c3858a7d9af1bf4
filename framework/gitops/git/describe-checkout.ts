import { join } from 'node:path';
import { runGit } from './run-git.ts';

/** What a clone says of itself. */
export interface Checkout {
  /** Absent: no branch is checked out. */
  readonly branch?: string | undefined;
  /** The default branch of `origin`, as the clone remembers it. */
  readonly defaultBranch?: string | undefined;
  /** `owner/name`, when `origin` is on github.com. */
  readonly repository?: string | undefined;
}

/** The branches of a clone, and the repository at GitHub that it came from. */
export async function describeCheckout(root: string): Promise<Checkout> {
  const ask = (...args: readonly string[]) => runGit(root, args).catch(() => '');
  const [branch, remoteHead, url] = await Promise.all([
    ask('symbolic-ref', '--short', '--quiet', 'HEAD'),
    ask('symbolic-ref', '--short', '--quiet', 'refs/remotes/origin/HEAD'),
    ask('remote', 'get-url', 'origin'),
  ]);
  return {
    branch: branch || undefined,
    defaultBranch: remoteHead.replace(/^origin\//, '') || undefined,
    repository: repositoryOf(url),
  };
}

/** Where a folder is in its repository. */
export interface PlaceInCheckout {
  /** The root of the repository; the folder itself when it is in none. */
  readonly top: string;
  /** The folder's path from there, with a slash at its end; `''` for the root. */
  readonly prefix: string;
}

/** Where a folder is in its repository. */
export async function placeInCheckout(folder: string): Promise<PlaceInCheckout> {
  const answer = await runGit(folder, ['rev-parse', '--show-cdup', '--show-prefix']).catch(() => '');
  const [up = '', prefix = ''] = answer.split(/\r?\n/);
  return { top: join(folder, up), prefix };
}

/** What a clone knows of a branch: as `origin` has it, else its own. */
export async function remoteBranch(root: string, branch: string): Promise<string> {
  const remote = `origin/${branch}`;
  return runGit(root, ['rev-parse', '--verify', '--quiet', `${remote}^{commit}`]).then(
    () => remote,
    () => branch,
  );
}

/** Who makes commits in a clone. @throws GIT_FAILED when git knows no name or address. */
export async function readAuthor(root: string): Promise<{ readonly name: string; readonly email: string }> {
  const ident = await runGit(root, ['var', 'GIT_AUTHOR_IDENT']);
  const [, name = '', email = ''] = /^(.*) <(.*)> \d+ [+-]\d+$/.exec(ident) ?? [];
  return { name, email };
}

/** Whether the history of what is checked out holds a commit. */
export async function isInHistory(root: string, sha: string): Promise<boolean> {
  return runGit(root, ['merge-base', '--is-ancestor', sha, 'HEAD']).then(
    () => true,
    () => false,
  );
}

/** `https://github.com/owner/name.git`, `git@github.com:owner/name`, `ssh://git@github.com/owner/name`. */
function repositoryOf(url: string): string | undefined {
  return /^(?:https:\/\/(?:[^/@]+@)?|ssh:\/\/git@|git@)github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
