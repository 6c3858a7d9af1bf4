import type { Between, Comparison, Expression } from '../../ast/ast.ts';
import { timestampOfText } from '../../dialect/timestamp-text.ts';
import { isNumber, type ValueType } from '../../dialect/value-type.ts';
import type { ScalarName } from '../../engines/alasql-functions/all-functions.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { quoteNumber, quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';

const names: Readonly<Record<string, ScalarName>> = {
  COMPARE_EQUAL: 'm_eq',
  COMPARE_NOTEQUAL: 'm_ne',
  COMPARE_LESSTHAN: 'm_lt',
  COMPARE_LESSTHANOREQUALTO: 'm_le',
  COMPARE_GREATERTHAN: 'm_gt',
  COMPARE_GREATERTHANOREQUALTO: 'm_ge',
  COMPARE_DISTINCT_FROM: 'm_distinct',
};

/** A comparison, of values of one type. */
export function printComparison(comparison: Comparison, context: PrintContext, print: Print): string {
  const sides = printAlike([comparison.left, comparison.right], context, print);
  if (comparison.type === 'COMPARE_NOT_DISTINCT_FROM') return call('m_not', call('m_distinct', ...sides));
  const name = names[comparison.type];
  if (name === undefined) throw new Unproven(`it compares by ${comparison.type}`);
  return call(name, ...sides);
}

/** `x BETWEEN a AND b`: both ends belong to it. */
export function printBetween(between: Between, context: PrintContext, print: Print): string {
  const [input = '', lower = '', upper = ''] = printAlike(
    [between.input, between.lower, between.upper],
    context,
    print,
  );
  return call('m_and', call('m_ge', input, lower), call('m_le', input, upper));
}

/**
 * Values that are compared with each other. They are of one type, or a text literal beside a TIMESTAMP or a
 * whole number, which DuckDB reads as one.
 *
 * @throws Unproven when DuckDB would convert one to the other.
 */
export function printAlike(expressions: readonly Expression[], context: PrintContext, print: Print): readonly string[] {
  const types = expressions.map((expression) => context.typeOf(expression).type);
  const isTime = types.includes('TIMESTAMP');
  const isWhole = types.some((type) => type === 'BIGINT' || type === 'INTEGER');
  const printed = expressions.map((expression, index) => {
    if (isTime && types[index] === 'VARCHAR') return { text: printTime(expression), kind: 'time' };
    const digits = isWhole && types[index] === 'VARCHAR' ? wholeText(expression) : undefined;
    if (digits !== undefined) return { text: quoteNumber(digits), kind: 'number' };
    return { text: print(expression), kind: kindOf(types[index] ?? 'OTHER') };
  });
  const kinds = new Set(printed.map((one) => one.kind).filter((kind) => kind !== 'null'));
  if (kinds.size > 1) throw new Unproven(`it compares ${types.join(' with ')}`);
  return printed.map((one) => one.text);
}

/** @throws Unproven unless values of these types are compared as they are. */
export function requireAlike(types: readonly ValueType[]): void {
  const kinds = new Set(types.map(kindOf).filter((kind) => kind !== 'null'));
  if (kinds.size > 1) throw new Unproven(`it compares ${types.join(' with ')}`);
}

function kindOf(type: ValueType): string {
  if (isNumber(type)) return 'number';
  switch (type) {
    case 'VARCHAR':
      return 'text';
    case 'BOOLEAN':
      return 'boolean';
    case 'TIMESTAMP':
      return 'time';
    case 'NULL':
      return 'null';
    case 'INTERVAL':
      return 'interval';
    default:
      throw new Unproven(`it compares values of type ${type}`);
  }
}

/** `'5'` beside a whole number, which DuckDB reads as one. */
function wholeText(expression: Expression): number | undefined {
  const text = expression.class === 'CONSTANT' ? expression.value.value : undefined;
  return typeof text === 'string' && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function printTime(expression: Expression): string {
  const text = expression.class === 'CONSTANT' ? expression.value.value : undefined;
  const time = typeof text === 'string' ? timestampOfText(text) : undefined;
  if (time === undefined) throw new Unproven('it compares a time with a text');
  return quoteText(time);
}
