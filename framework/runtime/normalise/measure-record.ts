import { maxDepth, maxRecordBytes } from './limits.ts';

/**
 * Whether a parsed record keeps the limits of depth and, where its text has not been measured, of size (the
 * characters of its keys and values, at least one each).
 */
export function measureRecord(record: unknown, checkSize: boolean): 'fine' | 'too deep' | 'too large' {
  if (isDeeper(record, maxDepth)) return 'too deep';
  return checkSize && sizeOf(record) > maxRecordBytes ? 'too large' : 'fine';
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  if (Array.isArray(value)) {
    for (const element of value) if (isDeeper(element, depth - 1)) return true;
    return false;
  }
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], depth - 1)) return true;
  return false;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let size = 2;
  for (const [key, inner] of Object.entries(value)) size += (Array.isArray(value) ? 1 : key.length + 4) + sizeOf(inner);
  return size;
}
