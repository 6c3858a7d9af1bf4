import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../model/duration.ts';
import { parseMoment } from '../model/moment.ts';

/** A time for an option, as ISO 8601 in UTC. */
export function parseTime(text: string): string {
  // Without a zone it is UTC, like every time here; JavaScript would read it as local.
  const timeMs = text.includes('-') ? parseMoment(text, 0) : undefined;
  if (timeMs !== undefined) return new Date(timeMs).toISOString();
  throw new InvalidArgumentError("Expected an ISO 8601 time such as '2026-03-01T06:00:00Z'.");
}

/** A time, or a duration before now, for an option: as it is, because it is the runtime's clock that counts. */
export function parseMomentText(text: string): string {
  if (parseMoment(text, 0) !== undefined) return text;
  throw new InvalidArgumentError(
    "Expected a duration such as '24h', or an ISO 8601 time such as '2026-03-01T06:00:00Z'.",
  );
}

/** A duration for an option, in milliseconds. */
export function parseSpan(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError("Expected a duration such as '90d'.");
  }
}
