import type { ValueTest as AnyTest } from '../../model/condition.ts';
import type { ScalarTest } from '../evaluate/compile-test.ts';
import { printFieldref } from './print-fieldref.ts';
import { always, choose, exactly, joinPrinted, never, orFalse, type Printed } from './printed.ts';
import { someExists, someNull, someValue } from './read-json.ts';
import type { Reading, RecordScope } from './reading.ts';
import { printTests, type ValueTest } from './tests/print-test.ts';

/** A test of a field. */
export function printField(field: string, test: AnyTest, scope: RecordScope): Printed {
  const reading = scope.read(field);
  if (test.op === 'exists') return printExists(reading, scope, test.value);
  if (test.op === 'fieldref') return printFieldref(reading, scope.read(test.field), test, scope);
  return printAnyOf(reading, [test], scope);
}

/** Whether a value of the field passes one of the tests. The field is read once, or nearly so. */
export function printAnyOf(reading: Reading, tests: readonly ScalarTest[], scope: RecordScope): Printed {
  const ofValue = tests.filter((test): test is ValueTest => test.op !== 'null');
  return joinPrinted('or', [
    ...(ofValue.length > 0 ? [printSome(reading, ofValue, scope)] : []),
    ...(ofValue.length < tests.length ? [printNull(reading, scope)] : []),
  ]);
}

function printSome(reading: Reading, tests: readonly ValueTest[], scope: RecordScope): Printed {
  switch (reading.kind) {
    case 'nothing':
      return never;
    case 'scalar':
      return orFalse(printTests(tests, reading.scalar));
    case 'json':
      return someValue(reading, scope, (scalar) => printTests(tests, scalar));
    case 'either':
      return choose(reading.when, printSome(reading.ifSo, tests, scope), printSome(reading.otherwise, tests, scope));
  }
}

function printNull(reading: Reading, scope: RecordScope): Printed {
  switch (reading.kind) {
    case 'nothing':
      return always;
    case 'scalar':
      return exactly(`${'text' in reading.scalar ? reading.scalar.text : reading.scalar.value} IS NULL`);
    case 'json':
      return someNull(reading, scope);
    case 'either':
      return choose(reading.when, printNull(reading.ifSo, scope), printNull(reading.otherwise, scope));
  }
}

function printExists(reading: Reading, scope: RecordScope, value: boolean): Printed {
  switch (reading.kind) {
    case 'nothing':
      return value ? never : always;
    case 'scalar':
      return exactly(value ? reading.exists : `NOT ${reading.exists}`);
    case 'json':
      return someExists(reading, scope, value);
    case 'either':
      return choose(
        reading.when,
        printExists(reading.ifSo, scope, value),
        printExists(reading.otherwise, scope, value),
      );
  }
}
