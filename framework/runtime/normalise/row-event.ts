import type { Event } from '../../model/event.ts';
import type { LogType } from '../../model/log-type.ts';
import { isRecord } from '../../model/path.ts';
import type { Row } from '../../model/table.ts';
import { standardFieldNames } from './event-row.ts';

/**
 * The event of a row that {@link eventRow} made and the lake gave back: every field that the stream saw, with the
 * same value. What was missing is missing. The order of the fields is not kept.
 *
 * @param row - All columns of the log type's table, as a query returns them.
 */
export function rowEvent(row: Row, logType: LogType): Event {
  const extra = isRecord(row.p_extra) ? row.p_extra : {};
  const fields: [string, unknown][] = [];
  for (const name of standardFieldNames) {
    const value = name === 'udm' ? withoutNulls(row[name]) : row[name];
    if (value !== null && value !== undefined) fields.push([name, value]);
  }
  for (const name of Object.keys(logType.fields)) {
    const value = row[name];
    if (!Object.hasOwn(extra, name) && value !== null && value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries([...fields, ...Object.entries(extra)]) as Event;
}

/** The struct has all common fields, null where the event has none. */
function withoutNulls(udm: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(isRecord(udm) ? udm : {}).filter(([, value]) => value !== null));
}
