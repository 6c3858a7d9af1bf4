import { isRecord } from './path.ts';
import type { Column } from './table.ts';

/**
 * A value in the one form that it has in a row: times as ISO 8601 in UTC with milliseconds. `undefined` when the
 * column can't hold it. What is missing is for the caller.
 */
export function columnValue(value: unknown, { type, fields = [] }: Pick<Column, 'type' | 'fields'>): unknown {
  switch (type) {
    case 'VARCHAR':
      return typeof value === 'string' ? value : undefined;
    case 'BIGINT':
      return Number.isSafeInteger(value) ? value : undefined;
    case 'DOUBLE':
      return Number.isFinite(value) ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'TIMESTAMP':
      return typeof value === 'string' ? isoTime(value) : undefined;
    case 'JSON':
      return value;
    case 'VARCHAR[]':
      return Array.isArray(value) && value.every(isTextOrNull) ? value : undefined;
    case 'STRUCT':
      return isRecord(value) && Object.entries(value).every(([key, one]) => fields.includes(key) && isTextOrNull(one))
        ? value
        : undefined;
  }
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

/** A text without an offset would be read in the machine's zone. */
function isoTime(text: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString();
}
