import type { Event } from '../../model/event.ts';
import { indicatorFieldNames } from '../../model/indicators.ts';
import type { LogField, LogType } from '../../model/log-type.ts';
import type { Row } from '../../model/table.ts';
import { readTime } from './read-event-time.ts';

/** The fields that every event has, or may have, whatever its log type. */
export const standardFieldNames: ReadonlySet<string> = new Set([
  'p_log_type',
  'p_event_time',
  'p_parse_time',
  'p_row_id',
  'p_source',
  'udm',
  ...indicatorFieldNames,
]);

/**
 * The row of an event for the table of its log type. A missing value is null; times are ISO 8601 in UTC. In
 * `p_extra` are the fields that the log type does not declare, and the values of declared ones that their column
 * would not give back: a null that was written, a time that was written in another form.
 */
export function eventRow(event: Event, logType: LogType): Row {
  const row: Record<string, unknown> = {};
  const extra: [string, unknown][] = [];
  for (const name of standardFieldNames) row[name] = event[name] ?? null;
  for (const [name, field] of Object.entries(logType.fields)) {
    const value = Object.hasOwn(event, name) ? event[name] : undefined;
    const stored = storedValue(value, field);
    row[name] = stored;
    if (value !== undefined && !givesBack(stored, value, field)) extra.push([name, value]);
  }
  for (const name in event) {
    if (!standardFieldNames.has(name) && !Object.hasOwn(logType.fields, name)) extra.push([name, event[name]]);
  }
  // Not by assignment: a field may be called `__proto__`.
  row.p_extra = extra.length === 0 ? null : Object.fromEntries(extra);
  return row;
}

function storedValue(value: unknown, field: LogField): unknown {
  if (field.type !== 'timestamp') return value ?? null;
  const timeMs = readTime(value);
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

/** Whether a column gives back what the event holds. DuckDB's reader leaves a byte order mark away. */
function givesBack(stored: unknown, value: unknown, field: LogField): boolean {
  if (value === null || field.type === 'timestamp') return stored !== null && stored === value;
  return field.type !== 'string' || typeof value !== 'string' || !value.startsWith('\ufeff');
}
