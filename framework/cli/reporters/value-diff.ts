import { visibleText } from '../visible-text.ts';

const maxLines = 200;
const shortLength = 80;

/**
 * Two values as JSON: `- ` what is only expected, `+ ` only found, `  ` both. Short values take one line each.
 */
export function diffValues(expected: unknown, actual: unknown): readonly string[] {
  const short = [oneLine(expected), oneLine(actual)] as const;
  if (short.every((line) => line.length <= shortLength)) return [removed(short[0]), added(short[1])];
  return diffLines(jsonLines(expected), jsonLines(actual));
}

/** Two texts line by line: `- ` what is only in the first, `+ ` only in the second, `  ` in both. Long ones are cut. */
export function diffLines(left: readonly string[], right: readonly string[]): readonly string[] {
  if (left.length * right.length > maxLines * maxLines) {
    return [...left.slice(0, maxLines).map(removed), ...right.slice(0, maxLines).map(added)];
  }
  return mergeLines(left, right, commonLengths(left, right));
}

const removed = (line: string): string => `- ${line}`;
const added = (line: string): string => `+ ${line}`;

function oneLine(value: unknown): string {
  return visibleText(value === undefined ? '(nothing)' : JSON.stringify(value));
}

function jsonLines(value: unknown): readonly string[] {
  return visibleText(value === undefined ? '(nothing)' : JSON.stringify(value, null, 2)).split('\n');
}

/** `lengths[i][j]`: the longest common subsequence of `left` from i and `right` from j. */
function commonLengths(left: readonly string[], right: readonly string[]): readonly (readonly number[])[] {
  const lengths: number[][] = Array.from({ length: left.length + 1 }, () => Array(right.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = left.length - 1; i >= 0; i--) {
    const row = lengths[i] as number[];
    for (let j = right.length - 1; j >= 0; j--) {
      row[j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return lengths;
}

function mergeLines(
  left: readonly string[],
  right: readonly string[],
  lengths: readonly (readonly number[])[],
): readonly string[] {
  const merged: string[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      merged.push(`  ${left[i]}`);
      i++;
      j++;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) {
      merged.push(removed(left[i++] as string));
    } else {
      merged.push(added(right[j++] as string));
    }
  }
  return [...merged, ...left.slice(i).map(removed), ...right.slice(j).map(added)];
}
