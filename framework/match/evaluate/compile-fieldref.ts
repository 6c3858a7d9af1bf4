import type { ValueTest } from '../../model/condition.ts';
import { textOf } from './compile-test.ts';
import { foldCase } from './fold-case.ts';
import { listValues } from './read-field.ts';

type Fieldref = Extract<ValueTest, { readonly op: 'fieldref' }>;

/** A comparison of two fields as texts. A missing or null field on either side is false; arrays match by one element each. */
export function compileFieldref(field: string, test: Fieldref): (record: Readonly<Record<string, unknown>>) => boolean {
  const compare = comparisons[test.how];
  const textsOf = (values: readonly unknown[]): readonly string[] =>
    values.flatMap((value) => textOf(value) ?? []).map((text) => (test.cased ? text : foldCase(text)));
  const own = listValues(field);
  const other = listValues(test.field);
  return (record) => {
    const others = textsOf(other(record));
    return others.length > 0 && textsOf(own(record)).some((text) => others.some((found) => compare(text, found)));
  };
}

const comparisons: Readonly<Record<Fieldref['how'], (text: string, other: string) => boolean>> = {
  equals: (text, other) => text === other,
  contains: (text, other) => text.includes(other),
  startswith: (text, other) => text.startsWith(other),
  endswith: (text, other) => text.endsWith(other),
};
