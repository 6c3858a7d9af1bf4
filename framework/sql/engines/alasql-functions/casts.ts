import { textOfTimestamp, timestampOfText } from '../../dialect/timestamp-text.ts';
import { Unproven } from '../../print-alasql/unproven.ts';

type Maybe<T> = T | null | undefined;

function fail(value: unknown, type: string): never {
  throw new Unproven(`it casts ${JSON.stringify(value)} to ${type}`);
}

function whole(value: number, type: string): number {
  const limit = type === 'INTEGER' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
  return Number.isFinite(value) && Math.abs(value) <= limit ? value || 0 : fail(value, type);
}

/** Half to even, as the processor rounds. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Half away from zero. */
function roundDigits(text: string): number {
  const [digits = '', fraction = ''] = text.trim().split('.');
  const size = Math.abs(Number(digits)) + (fraction >= '5' ? 1 : 0);
  return digits.startsWith('-') ? -size : size;
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  t: true,
  f: false,
  '1': true,
  '0': false,
};

/** Casts, from each type that they are proven for. */
export const casts = {
  m_text_to_integer: (value: Maybe<string>, type: string): Maybe<number> => {
    if (value == null) return null;
    // DuckDB rounds the digits, not the number that is nearest to them.
    return /^ *[+-]?\d{1,15}(\.\d{1,15})? *$/.test(value) ? whole(roundDigits(value), type) : fail(value, type);
  },
  m_decimal_to_integer: (value: Maybe<number>, type: string): Maybe<number> =>
    value == null ? null : whole(Math.sign(value) * Math.round(Math.abs(value)), type),
  m_double_to_integer: (value: Maybe<number>, type: string): Maybe<number> =>
    value == null ? null : whole(roundEven(value), type),
  m_integer_to_integer: (value: Maybe<number>, type: string): Maybe<number> =>
    value == null ? null : whole(value, type),
  m_boolean_to_integer: (value: Maybe<boolean>): Maybe<number> => (value == null ? null : Number(value)),
  m_text_to_double: (value: Maybe<string>): Maybe<number> => {
    if (value == null) return null;
    return /^ *[+-]?\d{1,300}(\.\d{1,300})? *$/.test(value) ? Number(value) || 0 : fail(value, 'DOUBLE');
  },
  m_text_to_boolean: (value: Maybe<string>): Maybe<boolean> => {
    if (value == null) return null;
    return truths[value.toLowerCase()] ?? fail(value, 'BOOLEAN');
  },
  m_integer_to_boolean: (value: Maybe<number>): Maybe<boolean> => (value == null ? null : value !== 0),
  m_text_to_timestamp: (value: Maybe<string>): Maybe<string> =>
    value == null ? null : (timestampOfText(value) ?? fail(value, 'TIMESTAMP')),
  m_timestamp_to_text: (value: Maybe<string>): Maybe<string> => (value == null ? null : textOfTimestamp(value)),
  m_integer_to_text: (value: Maybe<number>): Maybe<string> => (value == null ? null : String(value)),
  m_boolean_to_text: (value: Maybe<boolean>): Maybe<string> => (value == null ? null : String(value)),
};
