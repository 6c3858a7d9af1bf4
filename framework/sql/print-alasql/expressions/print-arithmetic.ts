import type { Expression, FunctionCall } from '../../ast/ast.ts';
import { commonType, isInteger, type ValueType } from '../../dialect/value-type.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';
import { printTimeArithmetic } from './print-time-arithmetic.ts';

const names = { '+': 'm_add', '-': 'm_subtract', '*': 'm_multiply', '/': 'm_divide', '%': 'm_modulo' } as const;

/** Arithmetic, in the type that DuckDB computes in: beyond it, it is not proven. */
export function printArithmetic(fn: FunctionCall, context: PrintContext, print: Print): string {
  const operator = fn.function_name as keyof typeof names;
  const types = fn.children.map((child) => context.typeOf(child).type);
  if (types.includes('TIMESTAMP')) return printTimeArithmetic(fn, types, print);
  const args = fn.children.map(print);
  if (args.length === 1) {
    if (operator !== '-') return args[0] ?? '';
    requireComputable(types[0] ?? 'OTHER', 'DOUBLE');
    return call('m_negate', ...args);
  }
  // Division converts both sides first, so a decimal literal is as good as a DOUBLE.
  const type = operator === '/' ? 'DOUBLE' : types.reduce(commonType);
  if (type === 'DECIMAL' && isWhole(fn, context)) return call(names[operator], quoteText('HUGEINT'), ...args);
  for (const one of types) requireComputable(one, type);
  return call(names[operator], quoteText(type === 'NULL' ? 'DOUBLE' : type), ...args);
}

/** `sum(x) * 1.0`: a decimal in name only. */
function isWhole(expression: Expression, context: PrintContext): boolean {
  if (expression.class === 'CONSTANT') {
    const { type, value } = expression.value;
    const scale = type.type_info?.scale ?? 0;
    return type.id === 'DECIMAL' && typeof value === 'number' && value % 10 ** scale === 0;
  }
  const isArithmetic = expression.class === 'FUNCTION' && ['+', '-', '*'].includes(expression.function_name);
  return (
    isArithmetic &&
    expression.children.every((child) => isInteger(context.typeOf(child).type) || isWhole(child, context))
  );
}

/** Decimals are exact in DuckDB and not in JavaScript: only beside a DOUBLE are they the same. */
function requireComputable(type: ValueType, result: ValueType): void {
  if (isInteger(type) || type === 'DOUBLE' || type === 'NULL') return;
  if (type === 'DECIMAL' && result === 'DOUBLE') return;
  throw new Unproven(`it computes with ${type}`);
}
