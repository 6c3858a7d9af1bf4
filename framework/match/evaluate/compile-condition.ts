import type { Condition, ValueTest } from '../../model/condition.ts';
import { isRecord } from '../../model/path.ts';
import { compileAnyOf } from './compile-any-of.ts';
import { compileFieldref } from './compile-fieldref.ts';
import { compileTest } from './compile-test.ts';
import { readValues, readWhole } from './read-field.ts';
import { someLeaf } from './some-leaf.ts';

type Predicate = (record: Readonly<Record<string, unknown>>) => boolean;

/**
 * A condition as a function of an event. Logic is two-valued: a test on a missing field is false, so its
 * negation is true. It never throws, whatever the event holds.
 *
 * @source Sigma specification 2.1.0, "Detection"; arrays (one matching element is enough) are de-facto use.
 */
export function compileCondition(condition: Condition): (event: Readonly<Record<string, unknown>>) => boolean {
  switch (condition.kind) {
    case 'and': {
      const all = condition.of.map(compileCondition);
      return (event) => all.every((holds) => holds(event));
    }
    case 'or': {
      const any = compileAnyOf(condition.of) ?? condition.of.map(compileCondition);
      return typeof any === 'function' ? any : (event) => any.some((holds) => holds(event));
    }
    case 'not': {
      const holds = compileCondition(condition.of);
      return (event) => !holds(event);
    }
    case 'element':
      return compileElement(condition.field, condition.quantifier, compileCondition(condition.of));
    case 'field':
      return compileField(condition.field, condition.test);
    case 'keyword':
      return compileKeyword(condition.test);
  }
}

function compileField(field: string, test: ValueTest): Predicate {
  if (test.op === 'exists') return readWhole(field, (value) => (value !== undefined) === test.value);
  if (test.op === 'fieldref') return compileFieldref(field, test);
  return readValues(field, compileTest(test));
}

function compileKeyword(test: ValueTest): Predicate {
  if (test.op === 'exists' || test.op === 'fieldref') return () => false;
  const passes = compileTest(test);
  return (event) => someLeaf(event, passes);
}

/** A single object stands for a list of one. What is no object satisfies nothing. */
function compileElement(field: string, quantifier: 'any' | 'all', holds: Predicate): Predicate {
  const passes = (element: unknown): boolean => isRecord(element) && holds(element);
  return readWhole(field, (value) => {
    const elements = Array.isArray(value) ? value : [value];
    return quantifier === 'any' ? elements.some(passes) : elements.length > 0 && elements.every(passes);
  });
}
