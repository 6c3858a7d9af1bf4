import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MargayError } from '../../model/margay-error.ts';

const run = promisify(execFile);

/** No answer of git's that is read here is larger. */
const maxOutputBytes = 64 * 1024 * 1024;

/**
 * What git answers, without the last line break.
 *
 * @throws GIT_FAILED with git's own words.
 */
export async function runGit(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: maxOutputBytes };
    const { stdout } = await run('git', [...args], options);
    return stdout.replace(/\r?\n$/, '');
  } catch (cause) {
    throw new MargayError('GIT_FAILED', `'git ${args[0]}' failed: ${wordsOf(cause)}`, {
      hint: 'Run it yourself in the repository; a shallow clone may lack the commit (fetch-depth: 0).',
      cause,
    });
  }
}

function wordsOf(cause: unknown): string {
  const { stderr, code } = cause as { stderr?: string; code?: unknown };
  if (code === 'ENOENT') return 'git is not installed.';
  return stderr?.trim().split('\n')[0] || (cause instanceof Error ? cause.message : String(cause));
}
