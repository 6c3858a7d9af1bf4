import type { LogField, LogType } from '../../model/log-type.ts';
import { isRecord } from '../../model/path.ts';
import { readTime } from './read-event-time.ts';
import { describe, faulty, type Outcome, type RecordFault } from './record-fault.ts';

type RawRecord = Readonly<Record<string, unknown>>;

/** Collects the first fault of a record; its path is put together on the way out. */
interface FaultSlot {
  fault: { readonly expected: string; readonly found: unknown; path: string } | undefined;
}

type Coerce = (value: unknown, slot: FaultSlot) => unknown;

/**
 * A function that gives a record's fields the types that the log type declares, where that loses nothing
 * (`'7'` is a bigint, `7` a string), and a fault where it would. null passes, and so does what the log type
 * does not declare. The record is copied only where something changes.
 */
export function compileCoercion(logType: LogType): (record: RawRecord) => Outcome<RawRecord> {
  const coerce = coerceObject(logType.fields);
  return (record) => {
    const slot: FaultSlot = { fault: undefined };
    const value = coerce(record, slot) as RawRecord;
    return slot.fault ? { fault: wrongType(slot.fault) } : { value };
  };
}

function wrongType({ path, expected, found }: NonNullable<FaultSlot['fault']>): RecordFault {
  return faulty(
    'NORMALISE_FIELD_TYPE',
    `The field '${path.replace(/^\./, '')}' must be ${expected}; found ${describe(found)}.`,
  ).fault;
}

function coerceField(field: LogField): Coerce {
  switch (field.type) {
    case 'object':
      return coerceObject(field.fields ?? {});
    case 'array':
      return coerceArray(field.items);
    case 'json':
      return (value) => value;
    default:
      return coerceScalar(field.type);
  }
}

function coerceObject(fields: Readonly<Record<string, LogField>>): Coerce {
  const coercions = Object.entries(fields).flatMap(([name, field]) =>
    field.type === 'json' ? [] : [[name, coerceField(field)] as const],
  );
  return (value, slot) => {
    if (!isRecord(value)) return refuse(slot, 'an object', value);
    let copy: Record<string, unknown> | undefined;
    for (const [name, coerce] of coercions) {
      const before = Object.hasOwn(value, name) ? value[name] : undefined;
      if (before === undefined || before === null) continue;
      const after = coerce(before, slot);
      if (slot.fault) {
        slot.fault.path = `.${name}${slot.fault.path}`;
        return undefined;
      }
      if (after !== before) {
        copy ??= { ...value };
        copy[name] = after;
      }
    }
    return copy ?? value;
  };
}

function coerceArray(items: LogField | undefined): Coerce {
  const coerce = items ? coerceField(items) : undefined;
  return (value, slot) => {
    if (!Array.isArray(value)) return refuse(slot, 'an array', value);
    if (!coerce) return value;
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const before: unknown = value[i];
      if (before === null) continue;
      const after = coerce(before, slot);
      if (slot.fault) {
        slot.fault.path = `[${i}]${slot.fault.path}`;
        return undefined;
      }
      if (after !== before) {
        copy ??= [...value];
        copy[i] = after;
      }
    }
    return copy ?? value;
  };
}

type ScalarType = Exclude<LogField['type'], 'object' | 'array' | 'json'>;

const expectations: Readonly<Record<ScalarType, string>> = {
  string: 'a string',
  bigint: 'a whole number up to 2^53',
  double: 'a number',
  boolean: 'true or false',
  timestamp: 'an RFC 3339 text or an epoch number in s or ms',
};

function coerceScalar(type: ScalarType): Coerce {
  const convert = conversions[type];
  return (value, slot) => {
    const converted = convert(value);
    return converted === undefined ? refuse(slot, expectations[type], value) : converted;
  };
}

/** Each gives `undefined` where it would have to guess or to lose something. */
const conversions: Readonly<Record<ScalarType, (value: unknown) => unknown>> = {
  string: (value) =>
    typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : undefined,
  bigint: (value) => {
    const number = typeof value === 'string' && /^-?(?:0|[1-9]\d*)$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? number : undefined;
  },
  double: (value) => {
    const number =
      typeof value === 'string' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : value;
    return Number.isFinite(number) ? number : undefined;
  },
  boolean: (value) =>
    typeof value === 'boolean' ? value : value === 'true' || value === 'false' ? value === 'true' : undefined,
  // Kept as the vendor wrote it; the event's row holds it in UTC.
  timestamp: (value) => (readTime(value) === undefined ? undefined : value),
};

function refuse(slot: FaultSlot, expected: string, found: unknown): undefined {
  slot.fault = { expected, found, path: '' };
}
