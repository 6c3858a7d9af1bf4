import type { StartTimer } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { QueryRun } from '../../model/query-run.ts';
import type { RunContext, RunOutcome, SchedulerOptions } from './scheduler.ts';

/** How one try ended. `aborted`: the scheduler closed; it counts as if it had not been. */
export type Try =
  | { readonly kind: 'done'; readonly outcome: RunOutcome }
  | { readonly kind: 'failed'; readonly status: 'failed' | 'timed_out'; readonly error: string }
  | { readonly kind: 'aborted' };

/** The lake ends a query at its timeout; a run that goes on for this much longer is given up. */
const graceMs = 5_000;
const maxErrorLength = 2_000;

/** What a try needs besides the run. */
export interface TryOptions {
  readonly run: SchedulerOptions['run'];
  readonly query: RunContext['query'];
  readonly staleBeforeMs: RunContext['staleBeforeMs'];
  readonly closing: AbortSignal;
  readonly startTimer: StartTimer;
  /** Told of the run's own promise, which may outlive the try. */
  readonly onUnderway: (underway: Promise<unknown>) => void;
}

/** Tries a run once. Never throws, and ends even when the run does not. */
export async function tryRun(run: QueryRun, options: TryOptions): Promise<Try> {
  const { query, closing } = options;
  const aborting = new AbortController();
  const abort = (): void => aborting.abort(new MargayError('SCHEDULE_CLOSED', 'The scheduler was closed.'));
  closing.addEventListener('abort', abort, { once: true });
  const cancelTimer = options.startTimer(query.timeoutMs + graceMs, () => aborting.abort(timeout(query.timeoutMs)));
  try {
    const underway = options.run(run, { query, staleBeforeMs: options.staleBeforeMs, signal: aborting.signal });
    options.onUnderway(underway);
    return { kind: 'done', outcome: await Promise.race([underway, rejectOnAbort(aborting.signal)]) };
  } catch (error) {
    return closing.aborted ? { kind: 'aborted' } : failedTry(error);
  } finally {
    cancelTimer();
    closing.removeEventListener('abort', abort);
  }
}

/** A failed try by what was thrown. */
export function failedTry(error: unknown): Try & { readonly kind: 'failed' } {
  const code: string = error instanceof MargayError ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    status: code === 'LAKE_QUERY_TIMEOUT' || code === 'SCHEDULE_RUN_TIMEOUT' ? 'timed_out' : 'failed',
    error: (code ? `${code}: ${message}` : message).slice(0, maxErrorLength),
  };
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

function timeout(timeoutMs: number): MargayError {
  return new MargayError(
    'SCHEDULE_RUN_TIMEOUT',
    `The run did not end ${graceMs / 1_000} s after its timeout of ${timeoutMs} ms.`,
  );
}
