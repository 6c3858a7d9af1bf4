/** Attempts before a delivery is dead. */
export const maxAttempts = 10;

/** Between two looks whether a variable that was missing is set. */
export const missingSecretRetryMs = 5 * 60_000;
/** How long a delivery waits for a variable before it is dead. */
export const missingSecretLimitMs = 7 * 86_400_000;

const firstDelayMs = 2_000;
const factor = 4;
const maxDelayMs = 3_600_000;
const maxRetryAfterMs = 86_400_000;

/**
 * How long to wait after a failed attempt, in milliseconds: 2 s, 8 s, 32 s, … up to an hour, of which a random half is
 * taken off so that receivers are not met by everybody at once. What the receiver asks for is the least, up to a day.
 *
 * @param attempts - Attempts so far, from 1.
 * @param random - From 0 to 1.
 */
export function retryDelay(attempts: number, random: number, retryAfterMs = 0): number {
  const fullMs = Math.min(firstDelayMs * factor ** (attempts - 1), maxDelayMs);
  return Math.round(Math.max(fullMs * (1 - random / 2), Math.min(retryAfterMs, maxRetryAfterMs)));
}

/** What a `Retry-After` header asks for, in milliseconds: seconds, or a date. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
