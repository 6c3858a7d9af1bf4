import type { Expression, FunctionCall } from '../../ast/ast.ts';
import { jsonSteps } from '../../dialect/json-path.ts';
import { call, type PrintContext } from '../print-context.ts';
import { quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';
import { isJsonValue } from './print-column.ts';

/** `column ->> 'key'`, `column -> 'key' ->> '$.inner[0]'`: all steps at once. */
export function printArrow(arrow: FunctionCall, context: PrintContext): string {
  const [from, key] = arrow.children;
  if (from === undefined || key === undefined) throw new Unproven('->> lacks a side');
  const { column, steps } = trace(from, context);
  return call('m_json_get', column, ...[...steps, ...stepsOf(key)].map(printStep));
}

function trace(from: Expression, context: PrintContext): { column: string; steps: readonly (string | number)[] } {
  if (from.class === 'LAMBDA') {
    const outer = trace(from.lhs, context);
    return { column: outer.column, steps: [...outer.steps, ...stepsOf(from.expr)] };
  }
  const binding = from.class === 'COLUMN_REF' ? context.bindingOf(from) : undefined;
  if (binding?.kind === 'alias') return trace(binding.expression, context);
  const isJson = binding?.kind === 'column' && binding.column.type === 'JSON' && binding.field === undefined;
  if (!isJson) throw new Unproven('->> reads something else than a JSON column');
  const column = context.column(binding);
  return { column: isJsonValue(binding) ? column : call('m_json_parse', column), steps: [] };
}

function stepsOf(key: Expression): readonly (string | number)[] {
  const text = key.class === 'CONSTANT' ? key.value.value : undefined;
  const steps = typeof text === 'string' ? jsonSteps(text) : undefined;
  if (steps === undefined) throw new Unproven('->> is given something else than a key or a path');
  return steps;
}

function printStep(step: string | number): string {
  return typeof step === 'number' ? String(step) : quoteText(step);
}
