import { parseDuration } from './duration.ts';

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * A point in time, in milliseconds: an ISO 8601 time, in UTC where it names no zone, or a duration before now (`24h`).
 * `undefined` where a text is neither.
 */
export function parseMoment(text: string, nowMs: number): number | undefined {
  const found = isoTime.exec(text);
  if (found) {
    const timeMs = Date.parse(found[1] && !found[4] ? `${text}Z` : text);
    return Number.isNaN(timeMs) ? undefined : timeMs;
  }
  try {
    const timeMs = nowMs - parseDuration(text);
    return Number.isNaN(new Date(timeMs).getTime()) ? undefined : timeMs;
  } catch {
    return undefined;
  }
}
