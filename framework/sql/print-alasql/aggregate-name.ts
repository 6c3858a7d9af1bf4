import type { Expression, FunctionCall, Window } from '../ast/ast.ts';
import { isInteger, isNumber, type ValueType } from '../dialect/value-type.ts';
import type { PrintContext } from './print-context.ts';
import { Unproven } from './unproven.ts';

/** The name of alasql's function, or of ours, for an aggregate over values of its argument's type. */
export function aggregateName(
  fn: FunctionCall | Window,
  argument: Expression | undefined,
  context: PrintContext,
): string {
  const type = argument === undefined ? 'OTHER' : context.typeOf(argument).type;
  switch (fn.function_name) {
    case 'count_star':
      return 'COUNT';
    case 'count':
      return fn.distinct ? distinctCount(type) : 'COUNT';
    case 'min':
    case 'max':
      requireOrderable(type, fn.function_name);
      return fn.function_name === 'min' ? 'M_MIN' : 'M_MAX';
    case 'string_agg':
      return fn.distinct ? 'M_STRING_AGG_DISTINCT' : 'M_STRING_AGG';
    case 'array_agg':
      return fn.distinct ? 'M_ARRAY_AGG_DISTINCT' : 'M_ARRAY_AGG';
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

/** @throws Unproven unless values of the type have one order on both engines. */
export function requireOrderable(type: ValueType, name: string): void {
  const isOrdered = isNumber(type) || isInteger(type) || ['VARCHAR', 'BOOLEAN', 'TIMESTAMP'].includes(type);
  if (!isOrdered) throw new Unproven(`${name} of ${type} is not proven on alasql`);
}
