import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect, type RuntimeClient } from '../../../framework/cli/client.ts';

/** A runtime in a process of its own. */
export interface KillableRuntime {
  readonly process: ChildProcess;
  readonly client: RuntimeClient;
}

/** Starts a runtime over a directory; resolves when it answers. */
export async function startKillable(
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<KillableRuntime> {
  const entry = fileURLToPath(new URL('./runtime-child.mjs', import.meta.url));
  const child = spawn(process.execPath, [entry, directory, '0'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
  if (!Buffer.isBuffer(line)) throw new Error(`The runtime ended with ${line} instead of starting.`);
  return { process: child, client: connect({ url: line.toString().trim() }) };
}

/** Ends a runtime as a power cut would. */
export async function killRuntime({ process: child }: KillableRuntime): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
