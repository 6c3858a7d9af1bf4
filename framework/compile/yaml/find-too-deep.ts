import type { CST } from 'yaml';

/** Real content stays below 20. Thousands of levels would exhaust the stack of what reads the tokens. */
export const maxDepth = 64;

/** The offset of the first collection that is nested too deep. */
export function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  let level: readonly (CST.Token | null | undefined)[] = tokens.map((token) =>
    token.type === 'document' ? token.value : token,
  );
  for (let depth = 0; level.length > 0; depth++) {
    const collections = level.filter((token) => token != null && 'items' in token);
    if (depth === maxDepth) return collections[0]?.offset;
    level = collections.flatMap(({ items }) => items.flatMap(({ key, value }) => [key, value]));
  }
  return undefined;
}
