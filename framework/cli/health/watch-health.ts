import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../model/clock.ts';
import { openBundle } from '../../model/open-bundle.ts';
import type { StatusReport } from '../../runtime/api/index.ts';
import type { RuntimeClient } from '../client.ts';
import { withRetries } from '../send/with-retries.ts';
import { type ChangedLogic, changedLogic, findHarm } from './find-harm.ts';

/** How a bundle does. `other`: something else is live, which is not judged. */
export interface HealthReport {
  readonly verdict: 'fine' | 'harmed' | 'other';
  readonly live: { readonly digest: string | null; readonly serial: number; readonly commit: string | null };
  readonly watchedMs: number;
  /** What goes wrong; `[]` unless harmed. */
  readonly harm: readonly string[];
}

/** What is watched, and for how long. */
export interface WatchOptions {
  readonly client: RuntimeClient;
  /** Whose bundle. Absent: that of whatever is live. */
  readonly commit: string | undefined;
  readonly forMs: number;
  readonly clock: Clock;
}

const everyMs = 2_000;

/** A step that fails once is tried again at once, and mostly gets through. */
const looksUntilStuck = 3;

/**
 * Watches what is live until something goes wrong that it has changed, something else goes live, or the time is over.
 *
 * @throws CLI_RUNTIME_UNREACHABLE when the runtime stays away for half a minute.
 */
export async function watchHealth({ client, commit, forMs, clock }: WatchOptions): Promise<HealthReport> {
  const startedAtMs = clock.now();
  const stop = new AbortController().signal;
  const ask = <T>(question: () => Promise<T>): Promise<T> =>
    withRetries(question, { stop, answeredBefore: true, onRetry: () => {} });
  const report = (verdict: HealthReport['verdict'], { live }: StatusReport, harm: readonly string[]): HealthReport => {
    const { digest, serial, commit: from } = live;
    return { verdict, live: { digest, serial, commit: from }, watchedMs: clock.now() - startedAtMs, harm };
  };
  const first = await ask(() => client.status());
  const { digest, serial } = first.live;
  if (digest === null || (commit !== undefined && !first.live.commit?.startsWith(commit)))
    return report('other', first, []);
  const changed = await ask(() => readChanged(client, digest));
  const stuckIn = countStalls();
  for (let status = first; ; status = await ask(() => client.status())) {
    if (status.live.serial !== serial) return report('other', status, []);
    const harm = findHarm(status, changed, stuckIn(status));
    if (harm.length > 0) return report('harmed', status, harm);
    const leftMs = startedAtMs + forMs - clock.now();
    if (leftMs <= 0) return report('fine', status, []);
    await sleep(Math.min(everyMs, leftMs));
  }
}

/** What the live bundle changed of the one that was live before. */
async function readChanged(client: RuntimeClient, digest: string): Promise<ChangedLogic> {
  const { activations } = await client.history();
  const before = activations.find((it) => it.digest !== digest);
  const [after, old] = await Promise.all([
    client.bundle(digest),
    before === undefined ? undefined : client.bundle(before.digest),
  ]);
  return changedLogic(old && openBundle(old), openBundle(after));
}

/**
 * Which consumers have failed at the same place in several looks in a row. The archive is left out: no bundle has a part in
 * what it does.
 */
function countStalls(): (status: StatusReport) => ReadonlySet<string> {
  const stalls = new Map<string, { readonly position: number; readonly looks: number }>();
  return ({ consumers }) => {
    for (const { name, position, stalledBy } of consumers) {
      const before = stalls.get(name);
      if (stalledBy === null || name === 'archive') stalls.delete(name);
      else stalls.set(name, { position, looks: before?.position === position ? before.looks + 1 : 1 });
    }
    return new Set([...stalls].flatMap(([name, { looks }]) => (looks >= looksUntilStuck ? [name] : [])));
  };
}
