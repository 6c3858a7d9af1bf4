import type { Expression, FunctionCall } from '../ast/ast.ts';
import { isInteger, isNumber, type ValueType } from '../dialect/value-type.ts';
import { call, type PrintContext } from './print-context.ts';
import { printExpression } from './print-expression.ts';
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
  const value = argument === undefined ? '1' : printExpression(argument, context);
  const perRow = fn.filter === null ? value : call('m_case', printExpression(fn.filter, context), value, 'NULL');
  const name = aggregateName(fn, argument, context);
  return { perRow, over: (column) => `${name}(${column})` };
}

function aggregateName(fn: FunctionCall, argument: Expression | undefined, context: PrintContext): string {
  const type = argument === undefined ? 'OTHER' : context.typeOf(argument).type;
  switch (fn.function_name) {
    case 'count_star':
      return 'COUNT';
    case 'count':
      return fn.distinct ? distinctCount(type) : 'COUNT';
    case 'min':
    case 'max':
      requireOrdered(type, fn.function_name);
      return fn.function_name === 'min' ? 'M_MIN' : 'M_MAX';
    default:
      if (fn.distinct) throw new Unproven(`${fn.function_name}(DISTINCT …) is not proven on alasql`);
      return plainName(fn.function_name, type);
  }
}

function plainName(name: string, type: ValueType): string {
  const isNarrow = type === 'INTEGER' || type === 'BIGINT';
  if (name === 'sum' && isNarrow) return 'M_SUM_INTEGER';
  if (name === 'sum' && type === 'DOUBLE') return 'M_SUM_DOUBLE';
  if (name === 'avg' && (isNarrow || type === 'DOUBLE')) return 'M_AVG';
  if (type === 'BOOLEAN') {
    if (name === 'count_if') return 'M_COUNT_IF';
    if (name === 'bool_and') return 'M_BOOL_AND';
    if (name === 'bool_or') return 'M_BOOL_OR';
  }
  throw new Unproven(`${name} of ${type} is not proven on alasql`);
}

function distinctCount(type: ValueType): string {
  if (type === 'OTHER' || type === 'INTERVAL' || type === 'STRUCT')
    throw new Unproven(`count(DISTINCT …) of ${type} is not proven on alasql`);
  return 'M_COUNT_DISTINCT';
}

function requireOrdered(type: ValueType, name: string): void {
  const isOrdered = isNumber(type) || isInteger(type) || ['VARCHAR', 'BOOLEAN', 'TIMESTAMP'].includes(type);
  if (!isOrdered) throw new Unproven(`${name} of ${type} is not proven on alasql`);
}
