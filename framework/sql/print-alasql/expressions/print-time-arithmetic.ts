import type { FunctionCall } from '../../ast/ast.ts';
import { intervalMs } from '../../dialect/interval-text.ts';
import type { ValueType } from '../../dialect/value-type.ts';
import { call, type Print } from '../print-context.ts';
import { quoteNumber, quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';

/** `time - INTERVAL '3 days'`; `time - time`, which is compared with an INTERVAL and nothing else. */
export function printTimeArithmetic(fn: FunctionCall, types: readonly ValueType[], print: Print): string {
  const [left, right] = fn.children;
  if (left === undefined || right === undefined || types[0] !== 'TIMESTAMP')
    throw new Unproven(`it computes with ${types.join(' and ')}`);
  if (fn.function_name === '-' && types[1] === 'TIMESTAMP') return call('m_time_between', print(left), print(right));
  if (!['+', '-'].includes(fn.function_name) || types[1] !== 'INTERVAL')
    throw new Unproven(`it computes with ${types.join(' and ')}`);
  return call('m_time_shift', quoteText(fn.function_name), print(left), print(right));
}

/** `INTERVAL '3 days'`, in milliseconds. */
export function printInterval(text: unknown): string {
  const ms = typeof text === 'string' ? intervalMs(text) : undefined;
  if (ms === undefined) throw new Unproven(`it has the interval '${String(text)}', whose length depends on the day`);
  return quoteNumber(ms);
}
