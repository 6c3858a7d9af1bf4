import type { Expression } from '../../ast/ast.ts';
import { commonType, type ValueType } from '../../dialect/value-type.ts';
import type { PrintContext } from '../print-context.ts';
import { Unproven } from '../unproven.ts';

/** @throws Unproven unless the expressions are of one type, NULLs aside; numbers are of one type. */
export function requireOneType(expressions: readonly Expression[], context: PrintContext, where: string): ValueType {
  const types = expressions.map((expression) => context.typeOf(expression).type);
  const type = types.reduce(commonType);
  if (type === 'OTHER') throw new Unproven(`${where} mixes ${types.join(' and ')}`);
  return type;
}

/** @throws Unproven unless the expression is of one of the types, or the literal NULL. */
export function requireType(
  expression: Expression,
  types: readonly ValueType[],
  context: PrintContext,
  where: string,
): ValueType {
  const { type } = context.typeOf(expression);
  if (type !== 'NULL' && !types.includes(type)) throw new Unproven(`${where} is given ${type}`);
  return type;
}
