import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MargayError } from '../../model/margay-error.ts';

/** Releases the lock. */
export type Unlock = () => Promise<void>;

interface Owner {
  readonly pid: number;
  readonly token: string;
}

/** What this process holds: a process id alone says nothing after a restart in a container, where ids repeat. */
const heldHere = new Set<string>();

/**
 * Takes a directory for this process. The lock of a process that no longer lives is taken over.
 *
 * @throws LOG_LOCKED when another runtime, or this process, has it open.
 */
export async function lockDirectory(directory: string): Promise<Unlock> {
  const file = join(directory, 'lock');
  const mine: Owner = { pid: process.pid, token: randomUUID() };
  const draft = `${file}.${mine.token}.tmp`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    while (!(await tryLink(draft, file))) await removeStale(file);
  } finally {
    await rm(draft, { force: true });
  }
  heldHere.add(mine.token);
  return async () => {
    heldHere.delete(mine.token);
    if ((await readOwner(file))?.token === mine.token) await rm(file, { force: true });
  };
}

/** `link` fails where the name exists, so only one of two runtimes succeeds. */
async function tryLink(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(file: string): Promise<void> {
  const owner = await readOwner(file);
  if (owner && isAlive(owner)) {
    throw new MargayError('LOG_LOCKED', `Process ${owner.pid} has the log open (${file}).`, {
      hint: 'Stop that runtime, or give this one another directory.',
    });
  }
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    await rename(file, aside);
  } catch {
    return; // somebody else was faster
  }
  const moved = await readOwner(aside);
  if (moved && moved.token !== owner?.token) await tryLink(aside, file); // it was a new one: put it back
  await rm(aside, { force: true });
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Owner;
  } catch {
    return undefined; // gone, or never written whole
  }
}

function isAlive({ pid, token }: Owner): boolean {
  if (pid === process.pid) return heldHere.has(token);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
