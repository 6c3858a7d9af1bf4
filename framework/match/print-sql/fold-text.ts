import { foldCase } from '../evaluate/fold-case.ts';
import { textConstant } from './literal.ts';

/**
 * Code points whose lower case DuckDB does not know (letters that are newer than its Unicode), or that
 * {@link foldCase} folds further than to lower case.
 */
const candidates: readonly (readonly [number, number])[] = [
  [0x3c2, 0x3c2],
  [0x1c89, 0x1c89],
  [0xa7cb, 0xa7dc],
  [0x10d50, 0x10d65],
  [0x16ea0, 0x16eb8],
];

const folds: ReadonlyMap<string, string> = new Map(
  candidates.flatMap(([low, high]) =>
    Array.from({ length: high - low + 1 }, (_, i) => String.fromCodePoint(low + i))
      .map((char) => [char, foldCase(char)] as const)
      .filter(([char, folded]) => char !== folded),
  ),
);

const images: ReadonlySet<string> = new Set(folds.values());

/**
 * A text folded as the evaluator folds it, as far as a comparison with `needle` can tell. `lower` does that for
 * nearly every needle.
 *
 * @param needle - The folded text that it is compared with. Absent: any text.
 */
export function foldText(sql: string, needle?: string): string {
  const lower = `lower(${sql})`;
  if (needle !== undefined && ![...needle].some((char) => images.has(char))) return lower;
  return `translate(${lower}, ${textConstant([...folds.keys()].join(''))}, ${textConstant([...folds.values()].join(''))})`;
}
