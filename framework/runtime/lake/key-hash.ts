import { hash } from 'node:crypto';

const isStableId = /^[0-9a-f]{32}$/;

/**
 * Writes 64 bits that stand for a key: the start of our ids, which are hashes already, or of the SHA-256 of other
 * texts. The same as {@link keyHashColumns} in SQL.
 */
export function hashKey(key: string, into: Uint32Array, at: number): void {
  const hex = isStableId.test(key) ? key : hash('sha256', key);
  into[at] = readHex(hex, 0);
  into[at + 1] = readHex(hex, 8);
}

/** The two halves of a key's hash, as columns. @param key - A quoted name. */
export function keyHashColumns(key: string): string {
  const hex = `CASE WHEN regexp_full_match(${key}, '[0-9a-f]{32}') THEN ${key} ELSE sha256(${key}) END`;
  return [1, 9].map((start) => `('0x' || substr(${hex}, ${start}, 8))::UINTEGER`).join(', ');
}

function readHex(text: string, from: number): number {
  let value = 0;
  for (let at = from; at < from + 8; at++) {
    const code = text.charCodeAt(at);
    value = (value << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return value >>> 0;
}
