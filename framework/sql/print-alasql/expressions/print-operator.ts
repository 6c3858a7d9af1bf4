import type { Conjunction, Operator } from '../../ast/ast.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { Unproven } from '../unproven.ts';
import { printAlike } from './print-comparison.ts';
import { requireOneType } from './require-type.ts';

/** `AND`, `OR` with three values. */
export function printConjunction(conjunction: Conjunction, print: Print): string {
  const name = conjunction.type === 'CONJUNCTION_AND' ? 'm_and' : 'm_or';
  return call(name, ...conjunction.children.map(print));
}

/** `NOT`, `IS NULL`, `IN (list)`, `coalesce`. */
export function printOperator(operator: Operator, context: PrintContext, print: Print): string {
  switch (operator.type) {
    case 'OPERATOR_NOT':
      return call('m_not', ...operator.children.map(print));
    case 'OPERATOR_IS_NULL':
      return call('m_is_null', ...operator.children.map(print));
    case 'OPERATOR_IS_NOT_NULL':
      return call('m_not', call('m_is_null', ...operator.children.map(print)));
    case 'COMPARE_IN':
      return call('m_in', ...printAlike(operator.children, context, print));
    case 'COMPARE_NOT_IN':
      return call('m_not', call('m_in', ...printAlike(operator.children, context, print)));
    case 'OPERATOR_COALESCE':
      requireOneType(operator.children, context, 'coalesce');
      return call('m_coalesce', ...operator.children.map(print));
    default:
      throw new Unproven(`it uses ${operator.type}`);
  }
}
