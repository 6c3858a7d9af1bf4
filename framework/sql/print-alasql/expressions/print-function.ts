import type { FunctionCall } from '../../ast/ast.ts';
import type { ValueType } from '../../dialect/value-type.ts';
import type { ScalarName } from '../../engines/alasql-functions/all-functions.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { Unproven } from '../unproven.ts';
import { printArithmetic } from './print-arithmetic.ts';
import { printAsText } from './print-cast.ts';
import { printAlike } from './print-comparison.ts';
import { printArrow } from './print-json.ts';
import { requireOneType, requireType } from './require-type.ts';

const text: readonly ValueType[] = ['VARCHAR', 'JSON'];
const integer: readonly ValueType[] = ['INTEGER', 'BIGINT'];
const time: readonly ValueType[] = ['TIMESTAMP'];

/** Functions that are one of ours over arguments of these types. */
const plain: Readonly<Record<string, readonly [name: ScalarName, ...types: (readonly ValueType[])[]]>> = {
  lower: ['m_lower', text],
  upper: ['m_upper', text],
  trim: ['m_trim', text],
  ltrim: ['m_ltrim', text],
  rtrim: ['m_rtrim', text],
  length: ['m_length', text],
  replace: ['m_replace', text, text, text],
  substring: ['m_substring', text, integer, integer],
  starts_with: ['m_starts_with', text, text],
  ends_with: ['m_ends_with', text, text],
  contains: ['m_contains', text, text],
  split_part: ['m_split_part', text, text, integer],
  position: ['m_position', text, text],
  regexp_matches: ['m_regexp_matches', text, text],
  regexp_extract: ['m_regexp_extract', text, text, integer],
  regexp_replace: ['m_regexp_replace', text, text, text, text],
  '~~': ['m_like', text, text],
  '~~*': ['m_ilike', text, text],
  like_escape: ['m_like', text, text, text],
  list_contains: ['m_list_contains', ['VARCHAR[]'], text],
  list_at: ['m_list_at', ['VARCHAR[]'], integer],
  len: ['m_len', ['VARCHAR[]']],
  date_trunc: ['m_date_trunc', text, time],
  date_part: ['m_date_part', text, time],
  date_diff: ['m_date_diff', text, time, time],
  abs: ['m_abs', ['INTEGER', 'BIGINT', 'DOUBLE']],
  floor: ['m_floor', ['DOUBLE']],
  ceil: ['m_ceil', ['DOUBLE']],
  round: ['m_round', ['DOUBLE'], ['INTEGER']],
};

/** The negations that the parser has names for. */
const negated: Readonly<Record<string, string>> = {
  '!~~': '~~',
  '!~~*': '~~*',
  not_like_escape: 'like_escape',
};

/** A call of a function or operator that is no aggregate. */
export function printFunction(fn: FunctionCall, context: PrintContext, print: Print): string {
  const name = fn.function_name;
  const opposite = negated[name];
  if (opposite !== undefined) return call('m_not', printPlain(fn, opposite, context, print));
  switch (name) {
    case '->>':
      return printArrow(fn, context);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return printArithmetic(fn, context, print);
    case '||':
      return call('m_join', ...printTexts(fn, context, print));
    case 'concat':
      return call('m_concat', ...printTexts(fn, context, print));
    case 'nullif':
      return call('m_nullif', ...printAlike(fn.children, context, print));
    case 'greatest':
    case 'least':
      requireOneType(fn.children, context, name);
      return call(name === 'greatest' ? 'm_greatest' : 'm_least', ...printAlike(fn.children, context, print));
    default:
      return printPlain(fn, name, context, print);
  }
}

function printPlain(fn: FunctionCall, name: string, context: PrintContext, print: Print): string {
  const [own, ...types] = Object.hasOwn(plain, name) ? (plain[name] ?? []) : [];
  if (own === undefined) throw new Unproven(`${name} is not proven on alasql`);
  for (const [index, child] of fn.children.entries()) requireType(child, types[index] ?? [], context, name);
  const args = fn.children.map(print);
  return call(own, ...(name === 'round' && args.length === 1 ? [...args, '0'] : args));
}

function printTexts(fn: FunctionCall, context: PrintContext, print: Print): readonly string[] {
  return fn.children.map((child) => printAsText(context.typeOf(child).type, print(child)));
}
