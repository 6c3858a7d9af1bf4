import type { ColumnRef } from '../../ast/ast.ts';
import type { Binding } from '../../scope/bound.ts';
import { call, type Print, type PrintContext } from '../print-context.ts';
import { quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';

/** A column; an alias as the expression it stands for; JSON as the text that SQL sees. */
export function printColumn(ref: ColumnRef, context: PrintContext, print: Print): string {
  const binding = context.bindingOf(ref);
  if (binding === undefined) throw new Unproven(`the column '${ref.column_names.join('.')}' is unknown`);
  if (binding.kind === 'alias') return print(binding.expression);
  const column = context.column(binding);
  if (binding.field !== undefined) return call('m_field', column, quoteText(binding.field));
  return isJsonValue(binding) ? call('m_json_text', column) : column;
}

/** Whether a column holds a JSON value, not its text: subqueries give texts, as SQL sees them. */
export function isJsonValue({
  source,
  column,
}: Pick<Extract<Binding, { kind: 'column' }>, 'source' | 'column'>): boolean {
  return column.type === 'JSON' && source.query === undefined;
}
