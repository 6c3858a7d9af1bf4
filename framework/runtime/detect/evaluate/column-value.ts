import type { ContextType } from '../../../model/detection.ts';

/**
 * A value as its context column's type; `null` where it is missing or cannot be read as one. So SQL that casts
 * the column never meets a value that the cast fails on.
 *
 * `timestamp` takes ISO 8601 texts and epoch seconds or milliseconds, and gives ISO 8601 with milliseconds, UTC.
 */
export function columnValue(value: unknown, type: ContextType): unknown {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'json':
      return value;
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'bigint': {
      const number = toNumber(value);
      return number !== null && Number.isSafeInteger(number) ? number : null;
    }
    case 'double':
      return toNumber(value);
    case 'boolean':
      return value === true || value === 'true' ? true : value === false || value === 'false' ? false : null;
    case 'timestamp':
      return toTimestamp(value);
  }
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'string' && !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function toTimestamp(value: unknown): string | null {
  const number = typeof value === 'number' ? value : undefined;
  // Seconds until the year 5138, milliseconds from 1973 on.
  const epochMs = number === undefined ? undefined : Math.abs(number) < 1e11 ? number * 1_000 : number;
  const isText = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value);
  const time = new Date(epochMs ?? (isText ? withZone(value) : Number.NaN));
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** A time without a zone is UTC. */
function withZone(text: string): string {
  const iso = text.replace(' ', 'T');
  return /T[\d:.]+$/.test(iso) ? `${iso}Z` : iso;
}
