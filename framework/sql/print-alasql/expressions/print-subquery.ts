import type { SubqueryExpression } from '../../ast/ast.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { Unproven } from '../unproven.ts';
import { requireAlike } from './print-comparison.ts';

/** `(SELECT …)`, `x IN (SELECT …)`, `EXISTS (SELECT …)`; the negations are a NOT around them. */
export function printSubquery(expression: SubqueryExpression, context: PrintContext, print: Print): string {
  const { node } = expression.subquery;
  switch (expression.subquery_type) {
    case 'SCALAR':
      return call('m_scalar', context.subquery(node));
    case 'EXISTS':
      return call('m_exists', context.subquery(node));
    default: {
      if (expression.child === null) throw new Unproven('it compares nothing with a subquery');
      requireAlike([context.typeOf(expression.child).type, context.resultType(node)]);
      return call('m_in_query', print(expression.child), context.subquery(node));
    }
  }
}
