import type { Expression, Modifier, OrderTerm, QueryNode, SelectNode, Window } from '../ast/ast.ts';
import { windowFunctions } from '../dialect/window-functions.ts';
import type { Bindings, BoundQuery, Output } from '../scope/bound.ts';
import { expressionKey, starredKey } from '../scope/expression-key.ts';
import { inferType } from '../scope/infer-type.ts';
import { isAggregating } from '../scope/is-aggregate.ts';
import type { Report } from '../sql-problem.ts';
import { expressionsOf, selectsOf } from './checked-query.ts';

/** Reports LIMITs whose rows depend on the engine: an unsaid NULL order, or an ORDER BY that leaves ties. */
export function checkOrder(bindings: Bindings, report: Report): void {
  for (const bound of bindings.queries.values()) {
    const limit = limitOf(bound.node);
    if (limit === undefined) continue;
    for (const term of orderTerms(bound.node)) {
      if (term.null_order !== 'ORDER_DEFAULT' || !mayBeNull(term.expression, bound, bindings)) continue;
      report.add(
        'SQL_NULL_ORDER_MISSING',
        term.expression,
        'With a LIMIT, ORDER BY decides which rows there are, and engines put NULLs at different ends.',
        'Write NULLS LAST (or NULLS FIRST) after it.',
      );
    }
    if (isOrderTotal(bound, bindings)) continue;
    report.add(
      'SQL_LIMIT_UNDECIDED',
      limit,
      'ORDER BY does not decide which rows LIMIT keeps: rows that tie may change from run to run.',
      'Order by the group columns, or by a column that is unique, as well.',
      'finding',
    );
  }
}

/** Reports aggregates and windows whose result depends on where an ORDER BY inside puts its NULLs or ties. */
export function checkInnerOrder(bindings: Bindings, report: Report): void {
  for (const { node, bound, types } of selectsOf(bindings)) {
    for (const expression of expressionsOf(node)) {
      if (expression.class !== 'FUNCTION' && expression.class !== 'WINDOW') continue;
      if (expression.class === 'WINDOW') checkWindowTies(expression, bound, bindings, report);
      const orders = expression.class === 'WINDOW' ? expression.orders : (expression.order_bys?.orders ?? []);
      for (const term of orders) {
        if (term.null_order !== 'ORDER_DEFAULT' || !inferType(term.expression, types).nullable) continue;
        report.add(
          'SQL_NULL_ORDER_MISSING',
          term.expression,
          `The result of ${expression.function_name}() depends on where NULLs go, and engines put them at different ends.`,
          'Write NULLS LAST (or NULLS FIRST) after it.',
        );
      }
    }
  }
}

function checkWindowTies(window: Window, bound: BoundQuery, bindings: Bindings, report: Report): void {
  const node = bound.node as SelectNode;
  if (!windowFunctions[window.function_name]?.isByRow) return;
  const named = [...window.partitions, ...window.orders.map((term) => term.expression)];
  const keys = new Set(named.map((expression) => expressionKey(expression, bindings.columns)));
  const isTotal = isAggregating(node)
    ? node.group_expressions.every((expression) => keys.has(expressionKey(expression, bindings.columns)))
    : namesUnique(keys, bound);
  if (isTotal) return;
  report.add(
    'SQL_WINDOW_UNDECIDED',
    window,
    `ORDER BY does not decide the order for ${window.function_name}(): rows that tie may change from run to run.`,
    'Order by a column that is unique as well.',
    'finding',
  );
}

/**
 * Whether ORDER BY leaves no two different rows tied: it names every result column, or every group column,
 * or a column that is unique.
 */
export function isOrderTotal(bound: BoundQuery, bindings: Bindings): boolean {
  const { node } = bound;
  const keys = new Set(orderTerms(node).map((term) => orderKey(term.expression, bound, bindings)));
  if (bound.outputs.length > 0 && bound.outputs.every((output, index) => keys.has(outputKey(output, index, bindings))))
    return true;
  if (node.type !== 'SELECT_NODE' || node.modifiers.some((modifier) => modifier.type === 'DISTINCT_MODIFIER'))
    return false;
  if (isAggregating(node)) {
    return node.group_expressions.every((expression) => keys.has(expressionKey(expression, bindings.columns)));
  }
  return isOrderedByUnique(node, bound, bindings);
}

/** The terms of a query's ORDER BY. */
export function orderTerms(node: QueryNode): readonly OrderTerm[] {
  return node.modifiers.flatMap((modifier) => (modifier.type === 'ORDER_MODIFIER' ? modifier.orders : []));
}

function isOrderedByUnique(node: SelectNode, bound: BoundQuery, bindings: Bindings): boolean {
  return namesUnique(new Set(orderTerms(node).map((term) => orderKey(term.expression, bound, bindings))), bound);
}

/** Whether the column of the one table that is unique is among these. */
function namesUnique(keys: ReadonlySet<string>, bound: BoundQuery): boolean {
  const [only, another] = bound.scope?.sources ?? [];
  if (only?.use === undefined || another !== undefined) return false;
  const unique = only.columns.find((column) => column.name === only.use?.table.key);
  return unique !== undefined && keys.has(starredKey(only, unique));
}

/** A set operation is ordered by the names of its columns. */
function orderKey(expression: Expression, bound: BoundQuery, bindings: Bindings): string {
  if (bound.sides === undefined) return expressionKey(expression, bindings.columns);
  return String(bound.outputs.indexOf(outputNamed(expression, bound) as Output));
}

function outputKey(output: Output, index: number, bindings: Bindings): string {
  if (output.expression !== undefined) return expressionKey(output.expression, bindings.columns);
  return output.starred === undefined ? String(index) : starredKey(output.starred.source, output.starred.column);
}

function mayBeNull(expression: Expression, bound: BoundQuery, bindings: Bindings): boolean {
  if (bound.sides !== undefined) return outputNamed(expression, bound)?.nullable ?? true;
  const isGrouped = bound.node.type === 'SELECT_NODE' && bound.node.group_expressions.length > 0;
  return inferType(expression, { ...bindings, isGrouped }).nullable;
}

function outputNamed(expression: Expression, bound: BoundQuery): Output | undefined {
  if (expression.class !== 'COLUMN_REF') return undefined;
  const name = expression.column_names.at(-1)?.toLowerCase();
  return bound.outputs.find((output) => output.name?.toLowerCase() === name);
}

function limitOf(node: QueryNode): Expression | undefined {
  const limit = node.modifiers.find(
    (modifier): modifier is Extract<Modifier, { type: 'LIMIT_MODIFIER' }> => modifier.type === 'LIMIT_MODIFIER',
  );
  return limit?.limit ?? limit?.offset ?? undefined;
}
