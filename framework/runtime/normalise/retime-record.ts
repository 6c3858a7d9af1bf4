import type { FieldType, LogField, LogType } from '../../model/log-type.ts';
import { getPath, isRecord, parsePath, setPath } from '../../model/path.ts';
import { stableId } from '../../model/stable-id.ts';

/**
 * A copy of a record with another event time, in the form it was written in, and another event id, so that
 * it is another event. The records of an envelope are all changed; those behind the first get the id with
 * their number.
 *
 * @param eventId - Absent: the event id stays. A log type without event id ignores it.
 */
export function retimeRecord(record: unknown, logType: LogType, eventTimeMs: number, eventId?: string): unknown {
  const envelope = logType.records === undefined ? undefined : getPath(record, logType.records);
  if (logType.records === undefined || !Array.isArray(envelope)) return retime(record, logType, eventTimeMs, eventId);
  const records = envelope.map((inner: unknown, i) => {
    return retime(inner, logType, eventTimeMs, eventId === undefined || i === 0 ? eventId : `${eventId}-${i}`);
  });
  return setPath(record, logType.records, records);
}

function retime(record: unknown, logType: LogType, eventTimeMs: number, eventId: string | undefined): unknown {
  if (!isRecord(record)) return record;
  const time = formatLike(getPath(record, logType.eventTime), typeAt(logType, logType.eventTime), eventTimeMs);
  const retimed = replaceValue(record, logType.eventTime, time);
  if (eventId === undefined || logType.eventId === undefined) return retimed;
  const isNumber = typeAt(logType, logType.eventId) === 'bigint';
  return replaceValue(retimed, logType.eventId, isNumber ? numberFrom(eventId) : eventId);
}

function formatLike(before: unknown, type: FieldType | undefined, timeMs: number): string | number {
  const isEpoch =
    /^\d+(?:\.\d+)?$/.test(String(before)) || (before === undefined && (type === 'bigint' || type === 'double'));
  if (!isEpoch) return new Date(timeMs).toISOString();
  const isSeconds = before !== undefined && Number(before) < 1e11;
  const hasFraction = String(before).includes('.') || type === 'double';
  const epoch = isSeconds ? (hasFraction ? timeMs / 1_000 : Math.floor(timeMs / 1_000)) : timeMs;
  return typeof before === 'string' ? String(epoch) : epoch;
}

/** A flat key that spells the whole path is what `getPath` reads. */
function replaceValue(
  record: Readonly<Record<string, unknown>>,
  path: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  return Object.hasOwn(record, path) ? { ...record, [path]: value } : setPath(record, path, value);
}

function typeAt(logType: LogType, path: string): FieldType | undefined {
  let field: LogField | undefined = { type: 'object', fields: logType.fields };
  for (const step of parsePath(path)) field = typeof step === 'number' ? field?.items : field?.fields?.[step];
  return field?.type;
}

/** A whole number of 52 bits that differs where the text does. */
function numberFrom(text: string): number {
  return Number.parseInt(stableId(text).slice(0, 13), 16);
}
