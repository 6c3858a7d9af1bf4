import type { Bundle } from '../model/bundle.ts';
import { type Clock, type StartTimer, systemTimer } from '../model/clock.ts';
import type { State, StateEntry } from '../model/state.ts';
import { type TroubleState, troubleKey } from './alert/index.ts';
import { type LastHeard, silences } from './last-heard.ts';
import { silenceTrouble } from './silence-trouble.ts';
import { beginTroubleChanges, endTroubleChanges } from './trouble-changes.ts';

/** What the watch works with. */
export interface TroubleWatchOptions {
  readonly clock: Clock;
  readonly state: State;
  /** The bundle in force, and when its log types were last heard of: both as the detect consumer has them. */
  readonly bundle: () => Bundle | undefined;
  readonly heard: () => LastHeard | undefined;
  /** Resolves when what was accepted before the call has been heard of. */
  readonly catchUp: (signal: AbortSignal) => Promise<void>;
  /** Called when alerts were raised. */
  readonly onCommit: () => void;
  readonly onNotice: (notice: string) => void;
  /** @defaultValue the machine's timers */
  readonly startTimer?: StartTimer | undefined;
}

/** Looks after troubles until it is closed. */
export interface TroubleWatch {
  /** Looks now. Never throws. */
  look(): Promise<void>;
  close(): Promise<void>;
}

const everyMs = 60_000;
/** Senders that waited while the runtime was down come first. */
const graceMs = 600_000;
const catchUpWithinMs = 30_000;

/**
 * Looks once a minute which log types have gone silent, and which troubles are over: a log type is heard of again or
 * no longer watched, a query that failed is no longer in force.
 *
 * Of a silence one alert is raised, however often it looks and however often the runtime restarts. Silence is told
 * by when batches were received: events that are late in time are logs too. While the detect consumer is behind, nobody
 * is called silent.
 */
export function watchTroubles(options: TroubleWatchOptions): TroubleWatch {
  const startTimer = options.startTimer ?? systemTimer;
  const startedAtMs = options.clock.now();
  const closing = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  let cancel = (): void => {};

  const look = (): Promise<void> => {
    looking = looking
      .then(() => lookOnce(options, startedAtMs, closing.signal))
      .catch((error: unknown) => {
        if (closing.signal.aborted) return;
        options.onNotice(
          `the watch over silent sources failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    return looking;
  };
  const schedule = (): void => {
    cancel = startTimer(everyMs, () => {
      void look();
      schedule();
    });
  };
  schedule();
  return {
    look,
    close: async () => {
      cancel();
      closing.abort();
      await looking;
    },
  };
}

async function lookOnce(options: TroubleWatchOptions, startedAtMs: number, closing: AbortSignal): Promise<void> {
  const { clock, state } = options;
  const isCaughtUp = await options.catchUp(AbortSignal.any([closing, AbortSignal.timeout(catchUpWithinMs)])).then(
    () => true,
    () => false,
  );
  const bundle = options.bundle();
  if (!isCaughtUp || !bundle) return;
  const heard = options.heard() ?? {};
  const nowMs = clock.now();
  const lasting = await state.list<TroubleState>('trouble');
  const over = lasting.filter((entry) => isOver(entry, bundle, heard));
  for (const entry of over) await state.commit(await endTroubleChanges(state, entry, nowMs));
  const known = new Set(lasting.filter((entry) => !over.includes(entry)).map(({ key }) => key));
  const begun = silences(bundle, heard, nowMs).filter(
    ({ logType, silentAfterMs }) =>
      !known.has(troubleKey('silence', logType)) && nowMs - startedAtMs >= Math.min(silentAfterMs, graceMs),
  );
  for (const silence of begun) await state.commit(beginTroubleChanges(silenceTrouble(silence), bundle.routing, nowMs));
  if (begun.length > 0) options.onCommit();
}

/** A log type that was given a longer `silentAfter` meanwhile is still the same silence. */
function isOver({ value }: StateEntry<TroubleState>, bundle: Bundle, heard: LastHeard): boolean {
  const { kind, dedup: subject } = value.alert;
  if (kind === 'query_failure') return !bundle.queries.some(({ id }) => id === subject);
  const isWatched = bundle.logTypes.some(({ name, silentAfterMs }) => name === subject && silentAfterMs !== undefined);
  return !isWatched || (heard[subject]?.receivedAtMs ?? 0) > value.sinceMs;
}
