import { createHash, hash } from 'node:crypto';

/**
 * A deterministic id: the first 128 bits of SHA-256 over the parts, as 32 hexadecimal digits. Each part is
 * length-prefixed, so `('ab','c')` and `('a','bc')` differ.
 */
export function stableId(...parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('')).slice(0, 32);
}

/** `sha256:` and 64 hexadecimal digits. */
export function sha256Digest(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
