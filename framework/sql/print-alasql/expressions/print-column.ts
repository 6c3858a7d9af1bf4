import type { ColumnRef } from '../../ast/ast.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';

/** A column; an alias as the expression it stands for; JSON as the text that SQL sees. */
export function printColumn(ref: ColumnRef, context: PrintContext, print: Print): string {
  const binding = context.bindingOf(ref);
  if (binding === undefined) throw new Unproven(`the column '${ref.column_names.join('.')}' is unknown`);
  if (binding.kind === 'alias') return print(binding.expression);
  if (binding.isOuter) throw new Unproven('it has a subquery that reads the query around it');
  const column = context.column(binding);
  if (binding.field !== undefined) return call('m_field', column, quoteText(binding.field));
  return binding.column.type === 'JSON' ? call('m_json_text', column) : column;
}
