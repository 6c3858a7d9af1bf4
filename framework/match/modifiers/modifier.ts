import type { PatternPart, ValueTest } from '../../model/condition.ts';
import type { Place } from '../path-problem.ts';

/** A value of an item while modifiers are applied to it, and where it stands. */
export type DraftValue = { readonly place: Place } & (
  | { readonly kind: 'text'; readonly text: string; readonly parts: readonly PatternPart[] }
  /** A text where a number in JSON would not be exact. */
  | { readonly kind: 'number'; readonly value: number | string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  /** What a modifier such as `re` has made of the value. */
  | { readonly kind: 'test'; readonly test: ValueTest }
);

/** An item (`field|modifier: values`) while its modifiers are applied, from left to right. */
export interface ItemDraft {
  /** `''` for keywords. */
  readonly field: string;
  readonly values: readonly DraftValue[];
  readonly cased: boolean;
  /** Whether all values must match instead of one. */
  readonly needsAll: boolean;
  /** The modifiers applied so far. */
  readonly applied: readonly string[];
  /** Where the item stands: problems of its key go there. */
  readonly place: Place;
}

/** A modifier. One file per family; `modifier-table.ts` lists them. */
export interface Modifier {
  readonly name: string;
  /** The modifiers that may stand before it; `undefined`: any. `all` always may. */
  readonly follows?: readonly string[];
  /** What it makes of the item. Reports problems at the item's or the value's place. */
  apply(draft: ItemDraft): ItemDraft;
}

/** The draft with each value replaced; values for which `change` gives `undefined` had a problem and are dropped. */
export function mapValues(draft: ItemDraft, change: (value: DraftValue) => DraftValue | undefined): ItemDraft {
  return { ...draft, values: draft.values.flatMap((value) => change(value) ?? []) };
}

/** Reports a value of a type that a modifier can't take. */
export function refuseType(value: DraftValue, modifier: string, expected: string, hint?: string): undefined {
  value.place.report(
    'MATCH_VALUE_TYPE',
    `${describeValue(value)} can't be used with '${modifier}'; expected ${expected}.`,
    { hint },
  );
}

/** Reports a modifier that does not go with those before it. */
export function refuseCombination(draft: ItemDraft, modifier: string, reason: string, hint?: string): undefined {
  const before = draft.applied.filter((name) => name !== 'all').join('|');
  draft.place.report('MATCH_MODIFIER_COMBINATION', `'${modifier}' can't follow '${before}': ${reason}.`, {
    hint,
    about: 'key',
  });
}

function describeValue(value: DraftValue): string {
  switch (value.kind) {
    case 'text':
      return `The text '${value.text}'`;
    case 'number':
      return `The number ${value.value}`;
    case 'boolean':
      return `The boolean ${value.value}`;
    case 'null':
      return 'null';
    case 'test':
      return `A value of '${value.test.op}'`;
  }
}
