import type { Changes } from '../../model/state.ts';
import type { SendResult } from './destination-plugin.ts';
import { type OutboxEntry, outboxKey } from './outbox.ts';
import { maxAttempts, missingSecretLimitMs, missingSecretRetryMs, retryDelay } from './retry-delay.ts';

/**
 * An entry after a send. Its states: *pending* (waits for an attempt) → *delivered*, when the send went well; *dead*,
 * when it failed for good, for the tenth time, or lacked a secret for a week; else *pending* again, later. *dead* →
 * *pending* by a replay.
 */
export function settleEntry(entry: OutboxEntry, result: SendResult, nowMs: number, random: number): OutboxEntry {
  if (isSecretMissing(result)) return awaitSecret(entry, result, nowMs);
  const { missingSecretSinceMs: _, ...known } = entry;
  const attempts = entry.attempts + 1;
  if (result.kind === 'sent') {
    const { notification: _, lastError: __, ...rest } = known;
    return { ...rest, status: 'delivered', attempts, updatedAtMs: nowMs };
  }
  const { code, reason, isPermanent, retryAfterMs } = result;
  const tried = { ...known, attempts, updatedAtMs: nowMs, lastError: { code, reason } };
  if (isPermanent) return { ...tried, status: 'dead' };
  if (attempts >= maxAttempts) {
    return { ...tried, status: 'dead', lastError: { code, reason: `${reason} Given up after ${attempts} attempts.` } };
  }
  return { ...tried, nextAttemptAtMs: nowMs + retryDelay(attempts, random, retryAfterMs) };
}

function isSecretMissing(result: SendResult): result is SendResult & { kind: 'failed' } {
  return result.kind === 'failed' && result.code === 'DELIVER_SECRET_MISSING';
}

function awaitSecret(entry: OutboxEntry, result: SendResult & { kind: 'failed' }, nowMs: number): OutboxEntry {
  const { code, reason } = result;
  const missingSecretSinceMs = entry.missingSecretSinceMs ?? nowMs;
  const waiting = { ...entry, missingSecretSinceMs, updatedAtMs: nowMs, lastError: { code, reason } };
  if (nowMs - missingSecretSinceMs < missingSecretLimitMs) {
    return { ...waiting, nextAttemptAtMs: nowMs + missingSecretRetryMs };
  }
  return { ...waiting, status: 'dead', lastError: { code, reason: `${reason} Given up after a week.` } };
}

/** The changes that put an entry where its status belongs. */
export function moveEntry(before: OutboxEntry, after: OutboxEntry): Changes {
  const put = [{ space: 'outbox' as const, key: outboxKey(after), value: after }];
  if (outboxKey(before) === outboxKey(after)) return { put };
  return { put, remove: [{ space: 'outbox', key: outboxKey(before) }] };
}
