import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractCommit, findMergeBase } from '../../gitops/git/index.ts';
import type { Bundle } from '../../model/bundle.ts';
import { MargayError } from '../../model/margay-error.ts';
import { openBundle } from '../../model/open-bundle.ts';
import type { PlanBase } from '../../model/plan.ts';
import type { RuntimeClient } from '../client.ts';

/** What a plan compares with. */
export interface ReadBase {
  readonly base: PlanBase;
  /** Absent: everything is new. */
  readonly bundle?: Bundle | undefined;
}

/** A runtime's. */
export interface LiveBase extends ReadBase {
  readonly base: Extract<PlanBase, { readonly kind: 'live' }>;
}

/**
 * The bundle that the runtime runs. Where none answers, as in a pull request from a fork, what the commit holds from
 * which the work comes; and where there is none either, nothing. The base says which, and why.
 *
 * @param ref - A branch or commit to compare with instead of the runtime.
 */
export async function readBase(root: string, client: RuntimeClient, ref: string | undefined): Promise<ReadBase> {
  if (ref !== undefined) return compileBase(root, ref, `--base ${ref}`);
  try {
    return await readLive(client);
  } catch (error) {
    if (!(error instanceof MargayError) || error.code !== 'CLI_RUNTIME_UNREACHABLE') throw error;
    return compileBase(root, undefined, error.message).catch((reason: unknown): ReadBase => {
      if (!(reason instanceof MargayError) || !reason.code.startsWith('GIT_')) throw reason;
      return { base: { kind: 'nothing', reason: `${error.message} ${reason.message}` } };
    });
  }
}

/** The bundle that a runtime runs. */
export async function readLive(client: RuntimeClient): Promise<LiveBase> {
  const { digest, serial, commit } = await client.live();
  const base = { kind: 'live', url: client.url, serial, digest, commit } as const;
  return digest === null ? { base } : { base, bundle: openBundle(await client.bundle(digest)) };
}

/** What a commit holds: that of a branch or commit from which the work comes. @throws GIT_BASE_UNKNOWN, GIT_FAILED */
export async function compileBase(root: string, ref: string | undefined, reason: string): Promise<ReadBase> {
  const commit = await findMergeBase(root, ref);
  const bundle = await compileCommit(root, commit);
  if (bundle) return { base: { kind: 'commit', commit, reason }, bundle };
  return { base: { kind: 'nothing', reason: `${reason} The content of commit ${commit} does not compile.` } };
}

/** The content of a commit; `undefined` when it does not compile. */
export async function compileCommit(root: string, commit: string): Promise<Bundle | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'margay-base-'));
  try {
    const { compileContent } = await import('../../compile/index.ts');
    return (await compileContent({ root: await extractCommit(root, commit, folder), types: false })).bundle;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
