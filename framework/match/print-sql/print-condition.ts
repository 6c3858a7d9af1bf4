import type { Condition } from '../../model/condition.ts';
import type { LogType } from '../../model/log-type.ts';
import { quoteName } from '../../model/quote-sql.ts';
import { eventTable } from '../../model/standard-tables.ts';
import type { ScalarTest } from '../evaluate/compile-test.ts';
import { printElement } from './print-element.ts';
import { printAnyOf, printField } from './print-field.ts';
import { printKeyword } from './print-keyword.ts';
import { isExact, joinPrinted, never, not, type Printed } from './printed.ts';
import type { RecordScope } from './reading.ts';
import { rowScope } from './row-scope.ts';

/** A condition in SQL. */
export interface PrintedCondition {
  /** A boolean expression over the columns of the log type's table, never NULL. */
  readonly sql: string;
  /** `false`: it is true for every event that matches, and for some that do not. */
  readonly isExact: boolean;
  /** The columns that it reads, in the table's order; now and then one more. */
  readonly columns: readonly string[];
}

/**
 * A condition as DuckDB SQL over a log type's table: true for the rows of exactly the events that
 * `compileCondition` matches, false for all others. Logic is two-valued, as there: what is missing makes a test
 * false and its negation true. What SQL can't say exactly (some regular expressions) is said too generously, and
 * `isExact` is false then.
 *
 * @source Sigma specification 2.1.0, "Detection"
 */
export function printCondition(condition: Condition, logType: LogType): PrintedCondition {
  const printed = print(condition, false, rowScope(logType));
  const names = eventTable(logType).columns.map(({ name }) => name);
  // A name within a constant is taken for a column, too: that only costs.
  const columns = names.filter((name) => printed.over.includes(quoteName(name)));
  return { sql: printed.over, isExact: isExact(printed), columns };
}

/** Negation is pushed down to the tests, so that DuckDB can leave out what no longer matters in an AND or OR. */
function print(condition: Condition, isNegated: boolean, scope: RecordScope): Printed {
  const inner = (part: Condition): Printed => print(part, isNegated, scope);
  switch (condition.kind) {
    case 'and':
      return joinPrinted(isNegated ? 'or' : 'and', condition.of.map(inner));
    case 'or':
      return joinPrinted(isNegated ? 'and' : 'or', [
        ...groupTests(condition.of).map(({ field, tests }) => {
          const some = field === undefined ? printKeyword(tests, scope) : printAnyOf(scope.read(field), tests, scope);
          return isNegated ? not(some) : some;
        }),
        ...condition.of.filter((branch) => scalarTest(branch) === undefined).map(inner),
      ]);
    case 'not':
      return print(condition.of, !isNegated, scope);
    default: {
      const printed = printLeaf(condition, scope);
      return isNegated ? not(printed) : printed;
    }
  }
}

function printLeaf(
  condition: Extract<Condition, { readonly kind: 'field' | 'keyword' | 'element' }>,
  scope: RecordScope,
): Printed {
  switch (condition.kind) {
    case 'field':
      return printField(condition.field, condition.test, scope);
    case 'keyword':
      if (condition.test.op === 'exists' || condition.test.op === 'fieldref') return never;
      return printKeyword([condition.test], scope);
    case 'element':
      return printElement(scope.read(condition.field), condition.quantifier, scope, (element) =>
        print(condition.of, false, element),
      );
  }
}

interface TestGroup {
  /** `undefined`: keywords. */
  readonly field: string | undefined;
  readonly tests: ScalarTest[];
}

/** The branches of an `or` that test a value, by field: each field is read once. */
function groupTests(branches: readonly Condition[]): readonly TestGroup[] {
  const groups = new Map<string | undefined, TestGroup>();
  for (const branch of branches) {
    const test = scalarTest(branch);
    if (test === undefined) continue;
    const field = branch.kind === 'field' ? branch.field : undefined;
    const group = groups.get(field) ?? { field, tests: [] };
    group.tests.push(test);
    groups.set(field, group);
  }
  return [...groups.values()];
}

function scalarTest(condition: Condition): ScalarTest | undefined {
  if (condition.kind !== 'field' && condition.kind !== 'keyword') return undefined;
  const { test } = condition;
  return test.op === 'exists' || test.op === 'fieldref' ? undefined : test;
}
