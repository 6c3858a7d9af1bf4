import type { Window } from '../ast/ast.ts';
import { windowFunctions } from '../dialect/window-functions.ts';
import type { Report } from '../sql-problem.ts';

const known = Object.keys(windowFunctions).filter((name) => name !== 'count_star');

/** Refuses window functions and frames that are outside of the subset. @returns Whether to look inside as well. */
export function gateWindow(window: Window, report: Report): boolean {
  const name = window.function_name.toLowerCase();
  const rule = Object.hasOwn(windowFunctions, name) ? windowFunctions[name] : undefined;
  if (rule === undefined || (window.schema !== '' && window.schema !== 'main')) {
    report.add(
      'SQL_FUNCTION_REFUSED',
      window,
      `${name}() OVER (…) is not in the portable subset.`,
      `Windows are read by ${known.join(', ')}.`,
    );
    return false;
  }
  const [least, most] = rule.args;
  if (window.children.length < least || window.children.length > most) {
    report.add('SQL_FUNCTION_REFUSED', window, `${name}() has ${window.children.length} arguments; it takes ${least}.`);
  }
  if (rule.needsOrder && window.orders.length === 0) {
    const hint = 'Write OVER (PARTITION BY x ORDER BY y, z) with an order that leaves no ties.';
    report.add(
      'SQL_FUNCTION_REFUSED',
      window,
      `${name}() OVER (…) without ORDER BY depends on the order of the rows.`,
      hint,
    );
  }
  gateFrame(window, report);
  return true;
}

function gateFrame(window: Window, report: Report): void {
  const isDefault =
    window.start === 'UNBOUNDED_PRECEDING' &&
    window.end === 'CURRENT_ROW_RANGE' &&
    window.exclude_clause === 'NO_OTHER';
  if (!isDefault) {
    const hint = 'Leave it out: the window reaches from the first row to the rows that tie with this one.';
    report.add(
      'SQL_CLAUSE_REFUSED',
      window,
      'A window frame (ROWS, RANGE, EXCLUDE) is not in the portable subset.',
      hint,
    );
  }
  if (window.ignore_nulls) {
    report.add('SQL_CLAUSE_REFUSED', window, 'IGNORE NULLS is not in the portable subset.', 'Filter in a subquery.');
  }
  if (window.distinct || window.arg_orders.length > 0) {
    const hint = 'Aggregate in a subquery and join.';
    report.add(
      'SQL_CLAUSE_REFUSED',
      window,
      'DISTINCT or ORDER BY inside a window function is not in the portable subset.',
      hint,
    );
  }
  const offset = window.offset_expr;
  if (offset !== null && !(offset.class === 'CONSTANT' && typeof offset.value.value === 'number')) {
    report.add('SQL_FUNCTION_REFUSED', offset, 'How many rows lag() or lead() goes is computed.', 'Write a number.');
  }
}
