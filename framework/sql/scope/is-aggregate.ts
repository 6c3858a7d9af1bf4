import type { Expression, SelectNode } from '../ast/ast.ts';
import { someExpression } from '../ast/walk.ts';
import { functions } from '../dialect/functions.ts';

/** Whether an expression is itself the call of an aggregate. */
export function isAggregate(expression: Expression): boolean {
  return expression.class === 'FUNCTION' && functions[expression.function_name]?.kind === 'aggregate';
}

/** Whether a SELECT makes groups: it says so, or it aggregates. */
export function isAggregating(node: SelectNode): boolean {
  return (
    node.group_expressions.length > 0 ||
    node.having !== null ||
    node.select_list.some((expression) => someExpression(expression, isAggregate))
  );
}
