import type { Expression, FunctionCall } from '../ast/ast.ts';
import { sameExpression } from '../ast/same-expression.ts';
import { someExpression } from '../ast/walk.ts';
import type { Binding } from '../scope/bound.ts';
import { aggregateName, requireOrderable } from './aggregate-name.ts';
import { requireType } from './expressions/require-type.ts';
import { call, type PrintContext } from './print-context.ts';
import { printExpression } from './print-expression.ts';
import { orderMarks } from './print-order-marks.ts';
import { quoteText } from './quote.ts';
import { Unproven } from './unproven.ts';

/** An aggregate, split: what is computed per row, and the function over it. */
export interface PrintedAggregate {
  readonly perRow: string;
  /** The call over the column that holds `perRow`. */
  readonly over: (column: string) => string;
}

/** Prints an aggregate; its argument in the context of the rows. */
export function printAggregate(fn: FunctionCall, context: PrintContext): PrintedAggregate {
  const [argument] = fn.children;
  if (someExpression(fn, (one) => isOuter(context.bindingOf(one))))
    throw new Unproven('it aggregates what belongs to a query around it');
  const value = printValue(fn, argument, context);
  const perRow = fn.filter === null ? value : call('m_case', printExpression(fn.filter, context), value, 'NULL');
  const name = aggregateName(fn, argument, context);
  return { perRow, over: (column) => `${name}(${column})` };
}

function printValue(fn: FunctionCall, argument: Expression | undefined, context: PrintContext): string {
  if (argument === undefined) return '1';
  const isOrdered = fn.function_name === 'string_agg' || fn.function_name === 'array_agg';
  return isOrdered ? printOrdered(fn, argument, context) : printExpression(argument, context);
}

/** `string_agg(x, ', ' ORDER BY y)`: the value with what it is sorted by, all in one. */
function printOrdered(fn: FunctionCall, argument: Expression, context: PrintContext): string {
  requireType(argument, ['VARCHAR'], context, fn.function_name);
  const terms = fn.order_bys?.orders ?? [];
  const isByItself = terms.length === 1 && sameExpression(terms[0]?.expression, argument);
  if (fn.distinct && !isByItself) throw new Unproven(`${fn.function_name}(DISTINCT …) is not proven on alasql`);
  for (const term of terms) requireOrderable(context.typeOf(term.expression).type, `${fn.function_name} ordered by`);
  const separator = fn.children[1];
  if (separator !== undefined && separator.class !== 'CONSTANT') throw new Unproven('it joins by a computed text');
  return call(
    'm_ordered',
    printExpression(argument, context),
    separator === undefined ? 'NULL' : printExpression(separator, context),
    quoteText(orderMarks(terms)),
    ...terms.map((term) => printExpression(term.expression, context)),
  );
}

function isOuter(binding: Binding | undefined): boolean {
  return binding?.kind === 'column' && binding.depth > 0;
}
