import { setTimeout as sleep } from 'node:timers/promises';
import { MargayError } from '../../model/margay-error.ts';
import { connectionCode, RefusedAnswer } from '../answer-error.ts';

/** How to try again. */
export interface RetryOptions {
  /** Once aborted, nothing is tried again. */
  readonly stop: AbortSignal;
  /** Whether the runtime answered before: then a refused connection is a restart, not a wrong URL. */
  readonly answeredBefore: boolean;
  readonly onRetry: (error: MargayError, delayMs: number) => void;
}

const maxTries = 10;
const firstDelayMs = 250;
const maxDelayMs = 10_000;
const busyStatuses = [429, 502, 503, 504];
const brokenConnections = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * Tries again when the runtime is busy or the connection broke: after 250 ms, doubled each time up to 10 s, with
 * jitter; after what `Retry-After` says, where it is given. Ten tries in all, about half a minute.
 */
export async function withRetries<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await action();
    } catch (error) {
      if (tries === maxTries || options.stop.aborted || !isTransient(error, options.answeredBefore)) throw error;
      const delayMs = delayBefore(error, tries);
      options.onRetry(error, delayMs);
      await sleep(delayMs, undefined, { signal: options.stop }).catch(() => {
        throw error;
      });
    }
  }
}

function delayBefore(error: MargayError, tries: number): number {
  const asked = error.cause instanceof RefusedAnswer ? error.cause.retryAfterMs : undefined;
  const backoffMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (tries - 1));
  return Math.min(asked ?? backoffMs * (0.5 + Math.random() / 2), maxDelayMs);
}

function isTransient(error: unknown, answeredBefore: boolean): error is MargayError {
  if (!(error instanceof MargayError)) return false;
  if (error.cause instanceof RefusedAnswer) return busyStatuses.includes(error.cause.status);
  if (error.code !== 'CLI_RUNTIME_UNREACHABLE') return false;
  const code = connectionCode(error.cause) ?? '';
  return brokenConnections.includes(code) || (answeredBefore && code === 'ECONNREFUSED');
}
