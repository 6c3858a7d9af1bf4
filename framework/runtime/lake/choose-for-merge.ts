import type { Part } from './part.ts';

/** More runs than this of one table and day are merged. */
const maxRuns = 8;

/** A merge reads no more than about this many bytes: far more would be in few large parts anyway. */
export const maxMergeBytes = 256 * 1024 * 1024;

/**
 * The parts of one table and day to merge; none while there are few runs, which are the parts of one merge, or a part
 * by itself. The smaller half, and larger ones as long as they are no larger than all smaller ones together, so that a
 * row is rewritten a few times a day and not with every merge. Runs of more than half of what a merge may read are no
 * longer merged, and do not count.
 *
 * @param maxBytes - What a merge may read.
 */
export function chooseForMerge(parts: readonly Part[], maxBytes = maxMergeBytes): readonly Part[] {
  const runs = new Map<string, Part[]>();
  for (const part of parts) runs.set(part.run ?? part.file, [...(runs.get(part.run ?? part.file) ?? []), part]);
  const sized = [...runs.values()]
    .map((of) => ({ of, bytes: of.reduce((sum, part) => sum + part.bytes, 0) }))
    .filter(({ bytes }) => bytes <= maxBytes / 2);
  if (sized.length <= maxRuns) return [];
  const chosen: Part[] = [];
  let count = 0;
  let total = 0;
  for (const { of, bytes } of sized.sort((a, b) => a.bytes - b.bytes)) {
    if ((count > maxRuns / 2 && bytes > total) || total + bytes > maxBytes) break;
    chosen.push(...of);
    count += 1;
    total += bytes;
  }
  return chosen;
}
