import { describe, faulty, type Outcome } from './record-fault.ts';

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s?([Zz]|[+-]\d{2}:?\d{2})?$/;

/** A number up to here is seconds (the year 5138), beyond it milliseconds (from 1973). */
const mostSeconds = 1e11;

/** The last millisecond of the year 9999. */
const latestMs = 253_402_300_799_999;

/**
 * Milliseconds since the Unix epoch, from an RFC 3339 text (with any offset; without one it is UTC), or from
 * seconds or milliseconds since the epoch as a number or text. `undefined` where the value is no such time.
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value === 'number') return readEpoch(value);
  if (typeof value !== 'string' || value.length > 40) return undefined;
  if (value.length === 24 && value.endsWith('Z')) {
    const timeMs = Date.parse(value);
    if (timeMs >= 0 && new Date(timeMs).toISOString() === value) return timeMs;
  }
  if (/^\d+(?:\.\d+)?$/.test(value)) return readEpoch(Number(value));
  return readText(value);
}

/** The event time of a record, or why it has none. */
export function readEventTime(value: unknown, path: string): Outcome<number> {
  if (value === undefined || value === null || value === '') {
    return faulty('NORMALISE_EVENT_TIME_MISSING', `The record has no event time at '${path}'.`);
  }
  const timeMs = readTime(value);
  if (timeMs !== undefined) return { value: timeMs };
  return faulty(
    'NORMALISE_EVENT_TIME_INVALID',
    `The event time at '${path}' must be an RFC 3339 text or an epoch number in s or ms; found ${describe(value)}.`,
  );
}

function readEpoch(value: number): number | undefined {
  if (!(value >= 0)) return undefined;
  const timeMs = Math.round(value < mostSeconds ? value * 1_000 : value);
  return timeMs <= latestMs ? timeMs : undefined;
}

function readText(text: string): number | undefined {
  const found = rfc3339.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // 60 is a leap second; it is counted as the first of the next minute.
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 60)
    return undefined;
  const offset = readOffset(found[8]);
  if (offset === undefined) return undefined;
  const millisecond = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3));
  const timeMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offset * 60_000;
  return timeMs >= 0 && timeMs <= latestMs ? timeMs : undefined;
}

/** Minutes ahead of UTC. */
function readOffset(text: string | undefined): number | undefined {
  if (text === undefined || text === 'Z' || text === 'z') return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
