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
  return (await readGit(root, args, env)).toString('utf8').replace(/\r?\n$/, '');
}

/** What git answers, byte for byte. @throws GIT_FAILED */
export async function readGit(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  try {
    const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: maxOutputBytes, encoding: 'buffer' };
    return (await run('git', [...args], options as typeof options & { encoding: 'buffer' })).stdout;
  } catch (cause) {
    throw new MargayError('GIT_FAILED', `'git ${args[0]}' failed: ${wordsOf(cause)}`, {
      hint: 'Run it yourself in the repository; a shallow clone may lack the commit (fetch-depth: 0).',
      cause,
    });
  }
}

function wordsOf(cause: unknown): string {
  const { stderr, code } = cause as { stderr?: Buffer; code?: unknown };
  if (code === 'ENOENT') return 'git is not installed.';
  const words = stderr?.toString('utf8').trim().split('\n')[0];
  return words || (cause instanceof Error ? cause.message : String(cause));
}
