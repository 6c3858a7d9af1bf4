import { readdir, readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';

/** The query processes that this process started. Linux only. */
export async function queryProcesses(): Promise<readonly { readonly pid: number; readonly niceness: number }[]> {
  const found: { readonly pid: number; readonly niceness: number }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(join('/proc', pid, 'status'), 'utf8').catch(() => '');
    const command = await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '');
    if (!status.includes(`\nPPid:\t${process.pid}\n`) || !command.includes('query-process')) continue;
    found.push({ pid: Number(pid), niceness: getPriority(Number(pid)) });
  }
  return found;
}
