import { canonicalJson } from '../../model/canonical-json.ts';
import { isRecord } from '../../model/path.ts';
import type { FieldChange, ItemSnapshot, PlanAspect } from '../../model/plan.ts';

/** Every field of an aspect that differs, by name; what is an object on both sides is compared field by field. */
export function compareFields(aspect: PlanAspect, before: ItemSnapshot, after: ItemSnapshot): readonly FieldChange[] {
  return compare(before.aspects[aspect], after.aspects[aspect]).map(([field, ...values]) => ({
    aspect,
    field,
    ...present('before', values[0]),
    ...present('after', values[1]),
  }));
}

/** The texts that say what is new in the logic. */
export function compareShown(
  { shown: before = {} }: ItemSnapshot,
  { shown: after = {} }: ItemSnapshot,
): readonly FieldChange[] {
  return compare(before, after).map(([field, ...values]) => ({
    aspect: 'logic',
    field,
    before: values[0],
    after: values[1],
  }));
}

type Difference = readonly [field: string, before: unknown, after: unknown];

function compare(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): Difference[] => {
    const [left, right] = [before[name], after[name]];
    if (canonicalJson([left]) === canonicalJson([right])) return [];
    if (!isRecord(left) || !isRecord(right) || wholeValues.has(name)) return [[name, left, right]];
    return compare(left, right).map(([field, ...values]): Difference => [`${name}.${field}`, ...values]);
  });
}

/** Trees, of which a part says nothing without the rest. */
const wholeValues: ReadonlySet<string> = new Set(['condition', 'source', 'schedule']);

function present(key: 'before' | 'after', value: unknown): Partial<FieldChange> {
  return value === undefined ? {} : { [key]: value };
}
