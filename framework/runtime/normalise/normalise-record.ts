import type { Event } from '../../model/event.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import type { LogType } from '../../model/log-type.ts';
import { getPath } from '../../model/path.ts';
import { stableId } from '../../model/stable-id.ts';
import { compileCoercion } from './coerce-fields.ts';
import { compileIndicators } from './collect-indicators.ts';
import { maxAheadMs } from './limits.ts';
import { readEventTime } from './read-event-time.ts';
import type { Outcome } from './record-fault.ts';

type RawRecord = Readonly<Record<string, unknown>>;

/** The batch that a record came in, and its place there. */
export interface RecordOrigin {
  readonly batch: BatchRecord;
  /** When the batch came in, ISO 8601. */
  readonly parseTime: string;
  /** Zero-based. */
  readonly index: number;
}

/** Makes an event of a record, or says why it is none. */
export type NormaliseRecord = (record: RawRecord, origin: RecordOrigin) => Outcome<Event>;

const compiled = new WeakMap<LogType, NormaliseRecord>();

/** The {@link NormaliseRecord} of a log type, made once. */
export function normaliserOf(logType: LogType): NormaliseRecord {
  const known = compiled.get(logType);
  if (known) return known;
  const made = compileNormaliser(logType);
  compiled.set(logType, made);
  return made;
}

function compileNormaliser(logType: LogType): NormaliseRecord {
  const coerce = compileCoercion(logType);
  const indicatorsOf = compileIndicators(logType);
  const model = Object.entries(logType.model).map(
    ([name, path]) => [name, typeof path === 'string' ? [path] : path] as const,
  );
  return (record, origin) => {
    const eventTime = readEventTime(getPath(record, logType.eventTime), logType.eventTime);
    if (eventTime.fault) return eventTime;
    const { fault, value } = coerce(record);
    if (fault) return { fault };
    // Ours first: adding fields to a copy of a parsed record is five times slower.
    return {
      value: {
        p_log_type: logType.name,
        p_event_time: new Date(believe(eventTime.value, origin.batch.receivedAtMs)).toISOString(),
        p_parse_time: origin.parseTime,
        p_row_id: rowId(record, logType, origin),
        p_source: origin.batch.source,
        udm: commonFieldsOf(value, model),
        ...indicatorsOf(value),
        ...withoutReserved(value),
      },
    };
  };
}

/** A clock that is a day ahead would keep its events in every "last 30 days" for ever. */
function believe(eventTimeMs: number, receivedAtMs: number): number {
  return eventTimeMs > receivedAtMs + maxAheadMs ? receivedAtMs : eventTimeMs;
}

function rowId(record: RawRecord, logType: LogType, { batch, index }: RecordOrigin): string {
  const id = logType.eventId === undefined ? undefined : getPath(record, logType.eventId);
  const isId = (typeof id === 'string' && id !== '') || typeof id === 'number';
  return isId ? stableId('event', logType.name, String(id)) : stableId('record', batch.key, String(index));
}

function commonFieldsOf(
  record: RawRecord,
  model: readonly (readonly [name: string, paths: readonly string[]])[],
): Readonly<Record<string, string>> {
  const udm: Record<string, string> = {};
  for (const [name, paths] of model) {
    for (const path of paths) {
      const value = getPath(record, path);
      if (value === undefined || value === null || value === '' || typeof value === 'object') continue;
      // DuckDB's reader leaves a byte order mark away.
      udm[name] = String(value).replace(/^\ufeff/, '');
      break;
    }
  }
  return udm;
}

/**
 * The record with its own `p_…`, `udm` and `udm.…` renamed to `_p_…`, `_udm` and `_udm.…`: nobody writes our fields
 * but us. A flat key that spells a path would win over it.
 */
function withoutReserved(record: RawRecord): RawRecord {
  for (const key in record) {
    if (isReserved(key)) {
      return Object.fromEntries(
        Object.entries(record).map(([name, value]) => [isReserved(name) ? `_${name}` : name, value]),
      );
    }
  }
  return record;
}

function isReserved(key: string): boolean {
  return key.startsWith('p_') || key === 'udm' || key.startsWith('udm.');
}
