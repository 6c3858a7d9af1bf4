import { casts } from './casts.ts';

type Maybe<T> = T | null | undefined;

/** Texts that are no number to any engine: without a digit, with two points, with signs and letters that numbers lack. */
const noInteger = /^[^\d]*$|\..*\.|[g-np-wyzG-NP-WYZ:;@/%&]/;
const noDouble = /^(?!.*(inf|nan))[^\d]*$|\..*\.|[ghjklmopqrsuvwzGHJKLMOPQRSUVWZ:;@/%&]/i;
/** DuckDB reads these, and others don't. */
const noTime = /^(?!.*(epoch|inf))[^\d]*$/is;
const truths: readonly string[] = ['true', 'false', 't', 'f', '1', '0'];
const oddTruths: readonly string[] = ['yes', 'no', 'y', 'n'];

function tried<Result>(
  value: Maybe<string>,
  isUnreadable: (text: string) => boolean,
  cast: (text: string) => Maybe<Result>,
): Maybe<Result> {
  return value == null || isUnreadable(value) ? null : cast(value);
}

/** TRY_CAST of texts: NULL for what no engine can read, the value for what every engine reads alike, else unproven. */
export const tryCasts = {
  m_try_integer: (value: Maybe<string>, type: string): Maybe<number> =>
    tried(
      value,
      (text) => noInteger.test(text),
      (text) => casts.m_text_to_integer(text, type),
    ),
  m_try_double: (value: Maybe<string>): Maybe<number> =>
    tried(value, (text) => noDouble.test(text), casts.m_text_to_double),
  m_try_boolean: (value: Maybe<string>): Maybe<boolean> =>
    tried(value, (text) => ![...truths, ...oddTruths].includes(text.toLowerCase()), casts.m_text_to_boolean),
  m_try_timestamp: (value: Maybe<string>): Maybe<string> =>
    tried(value, (text) => noTime.test(text), casts.m_text_to_timestamp),
};
