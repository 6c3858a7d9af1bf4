import { canonicalJson } from '../../../model/canonical-json.ts';
import type { Detection } from '../../../model/detection.ts';
import type { Event } from '../../../model/event.ts';
import { indicatorFieldNames } from '../../../model/indicators.ts';
import { getPath } from '../../../model/path.ts';
import { stableId } from '../../../model/stable-id.ts';
import type { Row } from '../../../model/table.ts';
import type { RowsInput } from '../detector.ts';

/** What a detection is evaluated over: an event, or a row of a scheduled query. */
export interface Subject {
  readonly record: Event | Row;
  readonly rowId: string;
  readonly logType: string;
  readonly eventTimeMs: number;
}

/** An event as a subject. */
export function eventSubject(event: Event): Subject {
  return {
    record: event,
    rowId: event.p_row_id,
    logType: event.p_log_type,
    eventTimeMs: Date.parse(event.p_event_time),
  };
}

/** A row as a subject: it happened at the scheduled time, and is the same row while its key columns are. */
export function rowSubject(row: Row, input: RowsInput, detection: Detection): Subject {
  const { by } = detection.dedup;
  const key = by.length > 0 ? by.map((column) => getPath(row, column) ?? null) : row;
  return {
    record: row,
    rowId: stableId(input.queryId, canonicalJson(key), String(input.scheduledAtMs)),
    logType: `query:${input.queryId}`,
    eventTimeMs: input.scheduledAtMs,
  };
}

/** The `p_any_*` fields of a record that hold something. */
export function indicatorsOf(record: Readonly<Record<string, unknown>>): Readonly<Record<string, readonly string[]>> {
  const indicators: Record<string, readonly string[]> = {};
  for (const name of indicatorFieldNames) {
    const values = record[name];
    if (Array.isArray(values) && values.length > 0) indicators[name] = values.map(String);
  }
  return indicators;
}
