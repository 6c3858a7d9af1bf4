import type { ScalarTest } from '../../evaluate/compile-test.ts';
import { exactly, joinPrinted, type Printed } from '../printed.ts';
import { type Scalar, textOf } from '../scalar.ts';
import { printCidr } from './print-cidr.ts';
import { printNumber } from './print-number.ts';
import { type PatternTest, printPatterns } from './print-pattern.ts';
import { printRegex } from './print-regex.ts';

/** A test that a missing value never passes. */
export type ValueTest = Exclude<ScalarTest, { readonly op: 'null' }>;

/** Whether a value passes one of the tests. NULL where it is NULL. */
export function printTests(tests: readonly ValueTest[], scalar: Scalar): Printed {
  const patterns = tests.filter((test): test is PatternTest => test.op === 'pattern');
  const others = tests.filter((test) => test.op !== 'pattern');
  return joinPrinted('or', [
    ...(patterns.length > 0 ? [printPatterns(patterns, textOf(scalar))] : []),
    ...others.map((test) => printTest(test, scalar)),
  ]);
}

function printTest(test: Exclude<ValueTest, PatternTest>, scalar: Scalar): Printed {
  switch (test.op) {
    case 're':
      return printRegex(test.source, test.flags, textOf(scalar));
    case 'cidr':
      return exactly(printCidr(test.network, textOf(scalar)));
    case 'boolean':
      return exactly(printBoolean(test.value, scalar));
    default:
      return exactly(printNumber(test.op, test.value, scalar));
  }
}

function printBoolean(value: boolean, scalar: Scalar): string {
  if (scalar.kind === 'bigint' || scalar.kind === 'double') return 'false';
  return scalar.kind === 'boolean' ? `${scalar.value} = ${value}` : `lower(${textOf(scalar)}) = '${value}'`;
}
