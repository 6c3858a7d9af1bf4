import type { OrderTerm } from '../ast/ast.ts';

/** The directions of ORDER BY terms for our functions: per term A(scending) or D(escending), NULLs F(irst) or L(ast). */
export function orderMarks(terms: readonly OrderTerm[]): string {
  return terms
    .map((term) => (term.type === 'DESCENDING' ? 'D' : 'A') + (term.null_order === 'NULLS FIRST' ? 'F' : 'L'))
    .join('');
}
