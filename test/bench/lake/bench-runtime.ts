import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type RuntimeClient } from '../../../framework/cli/client.ts';
import { compileContent } from '../../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../../framework/model/bundle.ts';

/** A runtime in a process of its own, with the repository's detections live. */
export interface BenchRuntime {
  readonly client: RuntimeClient;
  readonly url: string;
  readonly directory: string;
  /** Seconds of processor time that it has used so far, all its threads together. */
  cpuSeconds(): number;
  /** The same of its main thread alone. */
  mainThreadSeconds(): number;
  close(): Promise<void>;
}

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const child = fileURLToPath(new URL('../../runtime/kill/runtime-child.mjs', import.meta.url));

/** Starts a runtime over an empty folder, or over one that is there already. */
export async function startBenchRuntime(folder?: string): Promise<BenchRuntime> {
  const directory = folder ?? makeBenchFolder();
  const process_ = spawn(process.execPath, [...process.execArgv.filter(isProfile), child, directory, '0'], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([once(process_.stdout, 'data'), once(process_, 'exit')])) as [Buffer | number];
  if (!Buffer.isBuffer(line)) throw new Error(`The runtime ended with ${line} instead of starting.`);
  process_.stdout.resume();
  const url = line.toString().trim();
  const client = connect({ url });
  const live = await client.live();
  const envelope = await compileRepository();
  if (live.digest !== envelope.digest) await client.publish(envelope, live.serial, { allowMissingSecrets: true });
  return {
    client,
    url,
    directory,
    cpuSeconds: () => cpuSecondsOf(`/proc/${process_.pid}/stat`),
    mainThreadSeconds: () => cpuSecondsOf(`/proc/${process_.pid}/task/${process_.pid}/stat`),
    close: async () => {
      process_.kill('SIGTERM');
      if (process_.exitCode === null) await once(process_, 'exit');
      if (folder === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** An empty folder for a benchmark: where `TMPDIR` says, because some machines have `/tmp` in memory. */
function makeBenchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'margay-bench-'));
}

/** The compiled content of the repository. */
export async function compileRepository(): Promise<BundleEnvelope> {
  const { envelope } = await compileContent({ root: repository, types: false });
  if (!envelope) throw new Error("The repository's content does not compile.");
  return envelope;
}

/** Whether a folder is on a disk, and not in memory. */
export function isOnDisk(directory: string): boolean {
  return statfsSync(directory).type !== 0x0102_1994;
}

const isProfile = (option: string): boolean => option.startsWith('--cpu-prof');

/** Linux counts in hundredths of a second; elsewhere there is no figure. */
function cpuSecondsOf(file: string): number {
  try {
    const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}
