import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MargayError } from '../../model/margay-error.ts';
import { isRecord } from '../../model/path.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

/** Releases the lock. */
export type Unlock = () => Promise<void>;

interface Owner extends ProcessIdentity {
  readonly token: string;
}

/** What this process holds: where processes can't be told apart by when they started, our own id says nothing. */
const heldHere = new Set<string>();

/**
 * Takes a directory for this process. The lock of a process of this host that no longer lives is taken over, also
 * when another process has its id now. Whether one of another host lives can't be seen from here: its lock stays
 * until somebody removes it. Containers that share a directory need host names of their own, as they have by default.
 *
 * @throws LOG_LOCKED when another runtime, or this process, has it open, or one of another host left its lock.
 */
export async function lockDirectory(directory: string): Promise<Unlock> {
  const file = join(directory, 'lock');
  const mine: Owner = { ...(await identifyProcess()), token: randomUUID() };
  const draft = `${file}.${mine.token}.tmp`;
  await writeFile(draft, JSON.stringify(mine));
  try {
    while (!(await tryLink(draft, file))) await removeStale(file, mine);
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

async function removeStale(file: string, mine: Owner): Promise<void> {
  const owner = await readOwner(file);
  if (owner && owner.host !== mine.host) throw lockedElsewhere(file, owner, mine.host);
  if (owner && (await isAlive(owner, mine))) {
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
    const owner: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isRecord(owner) && typeof owner.host === 'string' ? (owner as unknown as Owner) : undefined;
  } catch {
    return undefined; // gone, or never written whole
  }
}

/** An owner of this host. */
async function isAlive(owner: Owner, mine: Owner): Promise<boolean> {
  if (owner.bootId !== mine.bootId) return false;
  if (owner.pid === mine.pid && owner.startTime === undefined) return heldHere.has(owner.token);
  return isRunning(owner);
}

function lockedElsewhere(file: string, owner: Owner, here: string): MargayError {
  const message = `Process ${owner.pid} on host '${owner.host}' has the log open, or left its lock (${file}); this is host '${here}'.`;
  return new MargayError('LOG_LOCKED', message, {
    hint: `Stop that runtime. If that host or container is gone for good, remove its lock by hand: rm '${file}'`,
  });
}
