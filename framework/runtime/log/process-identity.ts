import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process, told apart from every other one that has its id on another machine, after a restart, or later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The machine's or container's name. */
  readonly host: string;
  /** Another one after every start of the machine's kernel; absent where it has none to tell. */
  readonly bootId?: string | undefined;
  /** When the process started, in the kernel's ticks since its boot; absent where there is no /proc. */
  readonly startTime?: string | undefined;
}

/** This process. */
export async function identifyProcess(): Promise<ProcessIdentity> {
  const { pid } = process;
  const bootId = (await readText('/proc/sys/kernel/random/boot_id'))?.trim();
  return { pid, host: hostname(), bootId, startTime: (await readStat(pid))?.startTime };
}

/**
 * Whether a process of this host and boot lives. One that has ended and waits to be collected (a zombie) does not.
 * Without /proc, another process that got the same id passes for it.
 */
export async function isRunning({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  const stat = await readStat(pid);
  if (!stat || startTime === undefined) return exists(pid);
  return stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields 3 and 22. They follow the command in parentheses, which may hold anything. */
async function readStat(pid: number): Promise<{ readonly state: string; readonly startTime: string } | undefined> {
  const text = await readText(`/proc/${pid}/stat`);
  const [state, ...fields] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  const startTime = fields[18];
  return state === undefined || startTime === undefined ? undefined : { state, startTime };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined; // no Linux, or no such process
  }
}
