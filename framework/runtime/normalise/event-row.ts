import type { Event } from '../../model/event.ts';
import { indicatorFieldNames } from '../../model/indicators.ts';
import type { LogType } from '../../model/log-type.ts';
import type { Row } from '../../model/table.ts';
import { readTime } from './read-event-time.ts';

const standard: ReadonlySet<string> = new Set([
  'p_log_type',
  'p_event_time',
  'p_parse_time',
  'p_row_id',
  'p_source',
  'udm',
  ...indicatorFieldNames,
]);

/**
 * The row of an event for the table of its log type. A missing value is null; times are ISO 8601 in UTC;
 * fields that the log type does not declare are together in `p_extra`.
 */
export function eventRow(event: Event, logType: LogType): Row {
  const row: Record<string, unknown> = {};
  for (const name of standard) row[name] = event[name] ?? null;
  for (const [name, field] of Object.entries(logType.fields)) {
    const value = Object.hasOwn(event, name) ? (event[name] ?? null) : null;
    row[name] = field.type === 'timestamp' ? isoTime(value) : value;
  }
  row.p_extra = extraOf(event, logType);
  return row;
}

function isoTime(value: unknown): string | null {
  const timeMs = readTime(value);
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

function extraOf(event: Event, logType: LogType): Readonly<Record<string, unknown>> | null {
  const extra: [string, unknown][] = [];
  for (const name in event) {
    if (!standard.has(name) && !Object.hasOwn(logType.fields, name)) extra.push([name, event[name]]);
  }
  return extra.length === 0 ? null : Object.fromEntries(extra);
}
