import type { Expression } from '../ast/ast.ts';
import { intervalMs } from '../dialect/interval-text.ts';
import { timestampOfText } from '../dialect/timestamp-text.ts';
import { textOf } from '../rules/checked-query.ts';

/**
 * The time that an expression of constants is, in milliseconds: a text or a cast of one, and an INTERVAL more or less.
 * `undefined` for whatever else there is; months and years, which are no fixed time, are among it.
 */
export function constantTime(expression: Expression): number | undefined {
  if (expression.class === 'FUNCTION') return shiftedTime(expression.function_name, expression.children);
  const text = textOf(castOf(expression, 'TIMESTAMP') ?? expression);
  const iso = text === undefined ? undefined : timestampOfText(text);
  return iso === undefined ? undefined : Date.parse(iso);
}

function shiftedTime(name: string, [time, interval]: readonly Expression[]): number | undefined {
  if (time === undefined || interval === undefined || !['+', '-'].includes(name)) return undefined;
  const timeMs = constantTime(time);
  const text = textOf(castOf(interval, 'INTERVAL'));
  const lengthMs = text === undefined ? undefined : intervalMs(text);
  if (timeMs === undefined || lengthMs === undefined) return undefined;
  return name === '+' ? timeMs + lengthMs : timeMs - lengthMs;
}

function castOf(expression: Expression, type: string): Expression | undefined {
  return expression.class === 'CAST' && expression.cast_type.id === type ? expression.child : undefined;
}
