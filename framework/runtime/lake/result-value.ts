import {
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { MargayError } from '../../model/margay-error.ts';

/** The name of a result column's type: `JSON` where DuckDB has a text that is declared as JSON. */
export function typeName(type: DuckDBType): string {
  return type.alias ?? type.toString();
}

/**
 * A value of a result as JSON has it: times as ISO 8601 in UTC with milliseconds, whole numbers and decimals as
 * numbers, JSON columns as values, what JSON can't say as DuckDB's text.
 *
 * @throws LAKE_NUMBER_TOO_LARGE when a whole number is beyond 2^53.
 */
export function resultValue(value: DuckDBValue, type: DuckDBType, column: string): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return type.alias === 'JSON' ? JSON.parse(value) : value;
  if (typeof value === 'bigint') return safeNumber(value, column);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) {
    const itemType = type instanceof DuckDBListType ? type.valueType : type;
    return value.items.map((item) => resultValue(item, itemType, column));
  }
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    const fields = type.entryNames.map((name, index) => [name, type.entryTypes[index] as DuckDBType] as const);
    return Object.fromEntries(
      fields.map(([name, fieldType]) => [name, resultValue(value.entries[name] ?? null, fieldType, column)]),
    );
  }
  const timeMs = timeOf(value);
  return timeMs === undefined ? String(value) : isoTime(timeMs);
}

/** Milliseconds since the Unix epoch; `undefined`: it is no time. */
function timeOf(value: object): bigint | undefined {
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros / 1_000n;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) return value.nanos / 1_000_000n;
  return undefined;
}

function isoTime(timeMs: bigint): string {
  const time = new Date(Number(timeMs));
  return Number.isNaN(time.getTime()) ? 'infinity' : time.toISOString();
}

function safeNumber(value: bigint, column: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new MargayError(
    'LAKE_NUMBER_TOO_LARGE',
    `Column '${column}' holds ${value}, which a number can't hold exactly.`,
  );
}
