import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The commit that is checked out; `undefined` outside git. */
export async function readCommit(root: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--verify', 'HEAD'], { cwd: root, timeout: 5_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
