import type { Expression } from '../ast/ast.ts';
import { isJsonKey } from '../dialect/json-path.ts';
import type { Place, Report } from '../sql-problem.ts';

/**
 * Checks `column ->> 'key'`. DuckDB's arrows bind weaker than `=`, `IN` and even `AND`, so that
 * `a = 1 AND j->>'k' = 'x'` reads a key of `(a = 1 AND j)`: refused, because nobody means it.
 *
 * @returns Whether to look at what is inside as well.
 */
export function gateArrow(
  arrow: '->' | '->>',
  left: Expression,
  right: Expression,
  at: Place,
  report: Report,
): boolean {
  if (!isReadable(left) || right.class !== 'CONSTANT') {
    report.add(
      'SQL_ARROW_PRECEDENCE',
      at,
      `${arrow} binds weaker than comparisons and AND, so here it takes more than the column beside it.`,
      `Put parentheses around it: (column${arrow}'key').`,
    );
    return true;
  }
  const { value } = right.value;
  if (typeof value !== 'string' || !isJsonKey(value)) {
    const hint = "Write a key ('member'), or a path from the root: '$.target[0].displayName'.";
    report.add(
      'SQL_EXPRESSION_REFUSED',
      right,
      `${JSON.stringify(value)} after ${arrow} is neither a key nor a path.`,
      hint,
    );
  }
  return true;
}

function isReadable(left: Expression): boolean {
  if (left.class === 'COLUMN_REF' || left.class === 'LAMBDA') return true;
  return left.class === 'FUNCTION' && !left.is_operator;
}
