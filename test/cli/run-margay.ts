import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const binary = fileURLToPath(new URL('../../framework/bin/margay.js', import.meta.url));

/** How to run the built binary. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input. Absent: nothing. */
  readonly input?: string | Uint8Array;
}

/** How it ended. */
export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built binary to its end. */
export async function runMargay(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = startMargay(args, options);
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  const [stdout, stderr] = await Promise.all([text(child.stdout as never), text(child.stderr as never), ended(child)]);
  return { code: child.exitCode, stdout, stderr };
}

/** Starts the built binary, with no settings of ours from outside. */
export function startMargay(args: readonly string[], { cwd, env }: RunOptions = {}): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(MARGAY_|NO_COLOR|FORCE_COLOR|CI$)/.test(name));
  return spawn(process.execPath, [binary, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: 'pipe',
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}
