import type { ValueTest } from '../../model/condition.ts';
import { foldText } from './fold-text.ts';
import { someOf } from './json-text.ts';
import { exactly, orFalse, type Printed } from './printed.ts';
import { textsAt } from './read-json.ts';
import type { Reading, RecordScope } from './reading.ts';
import { textOf } from './scalar.ts';

type Fieldref = Extract<ValueTest, { readonly op: 'fieldref' }>;

const comparisons: Readonly<Record<Fieldref['how'], (text: string, other: string) => string>> = {
  equals: (text, other) => `${text} = ${other}`,
  contains: (text, other) => `contains(${text}, ${other})`,
  startswith: (text, other) => `starts_with(${text}, ${other})`,
  endswith: (text, other) => `suffix(${text}, ${other})`,
};

/** Whether a text of one field stands so to a text of another. */
export function printFieldref(own: Reading, other: Reading, test: Fieldref, scope: RecordScope): Printed {
  const fold = (text: string): string => (test.cased ? text : foldText(text));
  const compare = comparisons[test.how];
  if (own.kind === 'scalar' && other.kind === 'scalar') {
    return orFalse(exactly(compare(fold(textOf(own.scalar)), fold(textOf(other.scalar)))));
  }
  const [text, found] = [scope.fresh(), scope.fresh()];
  const inner = someOf(listTexts(other, scope), found, compare(fold(text), fold(found)));
  return orFalse(exactly(someOf(listTexts(own, scope), text, `coalesce(${inner}, false)`)));
}

/** The texts of a field as a list, NULL for none. */
function listTexts(reading: Reading, scope: RecordScope): string {
  switch (reading.kind) {
    case 'nothing':
      return 'NULL::VARCHAR[]';
    case 'scalar':
      return `list_filter([${textOf(reading.scalar)}], lambda margay_t: margay_t IS NOT NULL)`;
    case 'json':
      return textsAt(reading, scope);
    case 'either':
      return `CASE WHEN ${reading.when} THEN ${listTexts(reading.ifSo, scope)} ELSE ${listTexts(reading.otherwise, scope)} END`;
  }
}
