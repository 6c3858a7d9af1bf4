/** Code units, as closed ranges in no order; `negated`: all others. */
export interface CharSet {
  readonly ranges: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

/** A regular expression, reduced to what decides whether it matches: groups capture nothing, laziness is gone. */
export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly of: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly of: readonly RegexNode[] }
  /** `max` is `Infinity` for no upper bound. */
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly min: number; readonly max: number }
  | { readonly kind: 'assert'; readonly what: Assertion };

/** What a place between two characters can be. */
export type Assertion = 'start' | 'end' | 'boundary' | 'no-boundary';

/** The character classes that have a letter. */
export const classes = {
  d: [[48, 57]],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  s: [
    [9, 13],
    [32, 32],
    [160, 160],
    [0x1680, 0x1680],
    [0x2000, 0x200a],
    [0x2028, 0x2029],
    [0x202f, 0x202f],
    [0x205f, 0x205f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
  lineEnd: [
    [10, 10],
    [13, 13],
    [0x2028, 0x2029],
  ],
} as const satisfies Record<string, readonly (readonly [number, number])[]>;

/** All code units outside some ranges. */
export function complement(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > next) gaps.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  if (next <= 0xffff) gaps.push([next, 0xffff]);
  return gaps;
}
