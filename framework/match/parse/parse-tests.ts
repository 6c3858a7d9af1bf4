import type { ValueTest } from '../../model/condition.ts';
import type { DraftValue, ItemDraft } from '../modifiers/modifier.ts';
import type { Place } from '../path-problem.ts';
import { applyModifiers } from './apply-modifiers.ts';
import { openPattern } from './parse-pattern.ts';
import { readValues } from './read-values.ts';

/** A test on a value, and where it stands. */
export interface PlacedTest {
  readonly test: ValueTest;
  readonly place: Place;
}

/**
 * The tests of an item, one per value.
 *
 * @param field - `''` for keywords, which are looked for anywhere in a text.
 * @param modifiers - Their names, in order.
 */
export function parseTests(
  field: string,
  modifiers: readonly string[],
  value: unknown,
  place: Place,
): { readonly tests: readonly PlacedTest[]; readonly needsAll: boolean } {
  const draft = { field, values: readValues(value, place), cased: false, needsAll: false, applied: [], place };
  const item = applyModifiers(draft, modifiers, field.length + 1);
  const tests = item.values.flatMap((draftValue) => {
    const test = field === '' ? keywordTest(draftValue, item) : fieldTest(draftValue, item);
    return test ? { test, place: draftValue.place } : [];
  });
  return { tests, needsAll: item.needsAll };
}

function fieldTest(value: DraftValue, item: ItemDraft): ValueTest {
  switch (value.kind) {
    case 'text':
      return { op: 'pattern', parts: value.parts, cased: item.cased };
    case 'number':
      return { op: 'number', value: value.value };
    case 'boolean':
      return { op: 'boolean', value: value.value };
    case 'null':
      return { op: 'null' };
    case 'test':
      return value.test;
  }
}

function keywordTest(value: DraftValue, item: ItemDraft): ValueTest | undefined {
  if (value.kind === 'null') {
    value.place.report('MATCH_VALUE_TYPE', 'null is no keyword: it needs a field.', { hint: "Write 'field: null'." });
    return undefined;
  }
  if (value.kind === 'text') return { op: 'pattern', parts: anywhere(value.parts), cased: item.cased };
  // A number is looked for in texts, too.
  if (value.kind === 'number') return { op: 'pattern', parts: anywhere([String(value.value)]), cased: false };
  return fieldTest(value, item);
}

function anywhere(parts: Parameters<typeof openPattern>[0]): ReturnType<typeof openPattern> {
  return openPattern(parts, { before: true, after: true });
}
