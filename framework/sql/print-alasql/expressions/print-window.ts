import type { Window } from '../../ast/ast.ts';
import { aggregateName, requireOrderable } from '../aggregate-name.ts';

import { call, type Print, type PrintContext } from '../print-context.ts';
import { orderMarks } from '../print-order-marks.ts';
import { quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';
import { requireOneType } from './require-type.ts';

/**
 * `f(…) OVER (PARTITION BY … ORDER BY …)`. With the frame that the gate lets through, what it gives follows from
 * the row's partition and order keys alone: our function finds it among those of every row.
 */
export function printWindow(window: Window, context: PrintContext, print: Print): string {
  for (const term of window.orders) requireOrderable(context.typeOf(term.expression).type, 'a window ordered by');
  const partition = call('m_key', ...window.partitions.map(print));
  const keys = window.orders.map((term) => print(term.expression));
  const value = printValue(window, context, print);
  const rows = context.everyRow(call('m_windowed', value, partition, ...keys));
  const kind = kindOf(window, context);
  const marks = quoteText(orderMarks(window.orders));
  const reach = window.offset_expr === null ? '1' : print(window.offset_expr);
  const otherwise = window.default_expr === null ? 'NULL' : print(window.default_expr);
  return call('m_window', quoteText(kind), rows, marks, reach, otherwise, partition, ...keys);
}

function printValue(window: Window, context: PrintContext, print: Print): string {
  const [argument] = window.children;
  if (argument !== undefined && window.default_expr !== null)
    requireOneType([argument, window.default_expr], context, window.function_name);
  const value = argument === undefined ? '1' : print(argument);
  return window.filter_expr === null ? value : call('m_case', print(window.filter_expr), value, 'NULL');
}

/** The name of the function, or of our aggregate that runs over the frame. */
function kindOf(window: Window, context: PrintContext): string {
  switch (window.function_name) {
    case 'row_number':
    case 'rank':
    case 'dense_rank':
      return window.function_name;
    case 'lag':
    case 'lead': {
      const type = window.children[0] === undefined ? 'OTHER' : context.typeOf(window.children[0]).type;
      if (['OTHER', 'STRUCT', 'INTERVAL'].includes(type)) throw new Unproven(`${window.function_name} of ${type}`);
      return window.function_name;
    }
    default: {
      const name = aggregateName(window, window.children[0], context);
      return name === 'COUNT' ? 'M_COUNT' : name;
    }
  }
}
