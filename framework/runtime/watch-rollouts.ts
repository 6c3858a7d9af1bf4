import { type Clock, type StartTimer, systemTimer } from '../model/clock.ts';
import type { Log } from '../model/log-record.ts';
import { judgeTrial, type Rollout, type Verdict } from '../model/rollout.ts';
import { recordedBy } from '../model/stage.ts';
import type { State, StateEntry } from '../model/state.ts';
import type { BundleCatalog } from './bundle-catalog.ts';

/** What the watch works with. */
export interface RolloutWatchOptions {
  readonly clock: Clock;
  readonly state: State;
  readonly log: Pick<Log, 'append'>;
  /** The bundle in force, as it runs. */
  readonly catalog: () => BundleCatalog | undefined;
  /** Resolves when what was accepted before the call has been evaluated. */
  readonly catchUp: (signal: AbortSignal) => Promise<void>;
  readonly onNotice: (notice: string) => void;
  /** @defaultValue the machine's timers */
  readonly startTimer?: StartTimer | undefined;
}

const everyMs = 60_000;
const catchUpWithinMs = 30_000;

/**
 * Looks once a minute which trials may end, and says so in the log: there the version begins to alert, so that a replay
 * gives the same outcome. A trial is judged by everything that was accepted so far; while that is not evaluated, none is.
 *
 * @returns A function that stops it, and resolves when a look under way has ended.
 */
export function watchRollouts(options: RolloutWatchOptions): () => Promise<void> {
  const startTimer = options.startTimer ?? systemTimer;
  const closing = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  let cancel = (): void => {};
  const schedule = (): void => {
    cancel = startTimer(everyMs, () => {
      looking = looking
        .then(() => promoteReady(options, closing.signal))
        .catch((error: unknown) => {
          if (closing.signal.aborted) return;
          options.onNotice(`the watch over rollouts failed: ${error instanceof Error ? error.message : String(error)}`);
        });
      schedule();
    });
  };
  schedule();
  return async () => {
    cancel();
    closing.abort();
    await looking;
  };
}

async function promoteReady(options: RolloutWatchOptions, closing: AbortSignal): Promise<void> {
  const { state, clock, log, catalog } = options;
  if ((await state.list<Rollout>('rollout')).length === 0) return;
  const signal = AbortSignal.any([closing, AbortSignal.timeout(catchUpWithinMs)]);
  const isCaughtUp = await options.catchUp(signal).then(
    () => true,
    () => false,
  );
  if (!isCaughtUp) return;
  for (const entry of await state.list<Rollout>('rollout')) {
    const nowMs = clock.now();
    if (judgeRollout(entry, catalog(), nowMs).status !== 'ready') continue;
    const { version } = entry.value.trial;
    await log.append({ kind: 'promotion', detection: entry.key, version, promotedAtMs: nowMs, actor: 'margay' });
  }
}

/** How a trial stands, by what its detection asks for now. */
export function judgeRollout(
  { value }: StateEntry<Rollout>,
  catalog: BundleCatalog | undefined,
  nowMs: number,
): Verdict {
  const rule = catalog && recordedBy(catalog.rules, { ruleId: value.ruleId, stage: 'shadow' })?.rollout;
  if (!rule) return { status: 'waiting', reason: 'Another bundle is coming into force.' };
  return judgeTrial(value.trial, rule, nowMs);
}
