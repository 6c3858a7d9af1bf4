import type { Constant } from '../../ast/ast.ts';
import { quoteNumber, quoteText } from '../quote.ts';
import { Unproven } from '../unproven.ts';

/** A literal. */
export function printConstant({ value }: Constant): string {
  if (value.is_null) return 'NULL';
  const content = value.value;
  switch (value.type.id) {
    case 'VARCHAR':
      return quoteText(String(content));
    case 'BOOLEAN':
      return content === true ? 'TRUE' : 'FALSE';
    case 'DECIMAL':
      return quoteNumber(decimalOf(Number(content), value.type.type_info?.scale ?? 0));
    default:
      if (typeof content === 'number') return quoteNumber(content);
      throw new Unproven(`it has a literal of type ${value.type.id}`);
  }
}

/** DuckDB keeps 1.5 as 15 with one digit after the point. */
function decimalOf(digits: number, scale: number): number {
  return Number(`${digits}e-${scale}`);
}
