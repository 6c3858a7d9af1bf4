import type { Part } from './part.ts';

/** More parts than this of one table and day are merged. */
const maxParts = 8;

/**
 * The parts of one table and day to merge into one; none while there are few. The smaller half, and larger ones
 * as long as they are no larger than all smaller ones together, so that a row is rewritten a few times a day
 * and not with every merge.
 */
export function chooseForMerge(parts: readonly Part[]): readonly Part[] {
  if (parts.length <= maxParts) return [];
  const chosen: Part[] = [];
  let bytes = 0;
  for (const part of [...parts].sort((a, b) => a.bytes - b.bytes)) {
    if (chosen.length > maxParts / 2 && part.bytes > bytes) break;
    chosen.push(part);
    bytes += part.bytes;
  }
  return chosen;
}
