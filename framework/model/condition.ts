/**
 * A Sigma detection, lowered: what `match` evaluates and a bundle stores. Two-valued: a missing field makes
 * an item false, so its negation true.
 *
 * @source Sigma specification 2.1.0, "Detection".
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  /** Over the elements of an array of objects: one (`any`) or each (`all`, none of an empty array) satisfies it. */
  | { readonly kind: 'element'; readonly field: string; readonly quantifier: 'any' | 'all'; readonly of: Condition }
  | { readonly kind: 'field'; readonly field: string; readonly test: ValueTest }
  /** Over every leaf value of the event. */
  | { readonly kind: 'keyword'; readonly test: ValueTest };

/** A piece of a string pattern: literal text, `*` (any run of characters) or `?` (one code point). */
export type PatternPart = string | { readonly wild: 'many' | 'one' };

/** One test on one value. On an array value, one matching element is enough. */
export type ValueTest =
  | { readonly op: 'pattern'; readonly parts: readonly PatternPart[]; readonly cased: boolean }
  | { readonly op: 'number'; readonly value: number | string }
  | { readonly op: 'boolean'; readonly value: boolean }
  | { readonly op: 'null' }
  | { readonly op: 'exists'; readonly value: boolean }
  | { readonly op: 're'; readonly source: string; readonly flags: string }
  | { readonly op: 'cidr'; readonly network: string }
  | { readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: number | string }
  | {
      readonly op: 'fieldref';
      readonly field: string;
      readonly how: 'equals' | 'contains' | 'startswith' | 'endswith';
      readonly cased: boolean;
    };
