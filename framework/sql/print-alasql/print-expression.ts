import type { Expression } from '../ast/ast.ts';
import { printCase } from './expressions/print-case.ts';
import { printCast } from './expressions/print-cast.ts';
import { printColumn } from './expressions/print-column.ts';
import { printBetween, printComparison } from './expressions/print-comparison.ts';
import { printConstant } from './expressions/print-constant.ts';
import { printFunction } from './expressions/print-function.ts';
import { printConjunction, printOperator } from './expressions/print-operator.ts';
import { printSubquery } from './expressions/print-subquery.ts';
import { printWindow } from './expressions/print-window.ts';
import type { PrintContext } from './print-context.ts';
import { Unproven } from './unproven.ts';

/**
 * An expression in alasql's SQL: calls of our own functions with SQL's three values, over columns and literals.
 *
 * @throws Unproven for what is not proven to give what DuckDB gives.
 */
export function printExpression(expression: Expression, context: PrintContext): string {
  const print = (inner: Expression) => printExpression(inner, context);
  const computed = context.computed(expression);
  if (computed !== undefined) return computed;
  switch (expression.class) {
    case 'COLUMN_REF':
      return printColumn(expression, context, print);
    case 'CONSTANT':
      return printConstant(expression);
    case 'COMPARISON':
      return printComparison(expression, context, print);
    case 'BETWEEN':
      return printBetween(expression, context, print);
    case 'CONJUNCTION':
      return printConjunction(expression, print);
    case 'OPERATOR':
      return printOperator(expression, context, print);
    case 'CASE':
      return printCase(expression, context, print);
    case 'CAST':
      return printCast(expression, context, print);
    case 'FUNCTION':
      return printFunction(expression, context, print);
    case 'WINDOW':
      return printWindow(expression, context, print);
    case 'SUBQUERY':
      return printSubquery(expression, context, print);
    case 'LAMBDA':
      throw new Unproven('it uses -> without ->> after it');
    case 'STAR':
      throw new Unproven('it has * in an expression');
    default:
      throw new Unproven('it has an expression that alasql does not know');
  }
}
