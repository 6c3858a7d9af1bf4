import { inCidr, parseCidr } from '../../model/cidr.ts';
import type { ValueTest } from '../../model/condition.ts';
import { compileRegex } from '../regex/compile-regex.ts';
import { compareNumbers } from './compare-numbers.ts';
import { compilePattern } from './match-pattern.ts';

/** A {@link ValueTest} on one value; those that need more than the value are left out. */
export type ScalarTest = Exclude<ValueTest, { readonly op: 'exists' | 'fieldref' }>;

/** A test of one value, never an array. `undefined` stands for a field that is missing. */
export function compileTest(test: ScalarTest): (value: unknown) => boolean {
  switch (test.op) {
    case 'pattern':
      return onText(compilePattern(test.parts, test.cased));
    case 're':
      return onText(compileRegex(test.source, test.flags));
    case 'number':
      return (value) => compareNumbers(value, test.value) === 0;
    case 'gt':
      return (value) => (compareNumbers(value, test.value) ?? 0) > 0;
    case 'lt':
      return (value) => (compareNumbers(value, test.value) ?? 0) < 0;
    case 'gte':
      return (value) => (compareNumbers(value, test.value) ?? -1) >= 0;
    case 'lte':
      return (value) => (compareNumbers(value, test.value) ?? 1) <= 0;
    case 'boolean': {
      const text = String(test.value);
      return (value) => value === test.value || (typeof value === 'string' && value.toLowerCase() === text);
    }
    case 'null':
      return (value) => value === null || value === undefined;
    case 'cidr': {
      const network = parseCidr(test.network);
      return (value) => typeof value === 'string' && inCidr(value, network);
    }
  }
}

/**
 * The text that patterns see: numbers and booleans as JSON writes them, `1e21` without plus, as the lake has it;
 * objects, null and nothing have none.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Math.abs(value) < 1e21 ? String(value) : String(value).replace('+', '');
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return undefined;
}

function onText(test: (text: string) => boolean): (value: unknown) => boolean {
  return (value) => {
    const text = textOf(value);
    return text !== undefined && test(text);
  };
}
