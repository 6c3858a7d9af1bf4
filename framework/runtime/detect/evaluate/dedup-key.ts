import { canonicalJson } from '../../../model/canonical-json.ts';
import { getPath } from '../../../model/path.ts';
import { stableId } from '../../../model/stable-id.ts';

const maxKeyChars = 1_000;
const maxIdChars = 32;

/**
 * The key that `dedup.by` makes: the value itself for one field, a JSON array for several, so that no value can
 * be mistaken for two. A missing value reads `<field>`.
 */
export function dedupKey(record: unknown, by: readonly string[]): string {
  const values = by.map((field) => textOf(getPath(record, field)) ?? `<${field}>`);
  return boundKey(values.length === 1 ? (values[0] as string) : canonicalJson(values));
}

/** A key of at most 1,000 characters. A longer one keeps its start and gets a hash, so that no two become one. */
export function boundKey(key: string): string {
  if (key.length <= maxKeyChars) return key;
  return `${key.slice(0, maxKeyChars - maxIdChars - 1)}…${stableId(key)}`;
}

/** A value as text; `undefined` where there is none. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? value : canonicalJson(value);
}
