import { isRecord } from '../../model/path.ts';
import type { Expression } from './ast.ts';

/** The expressions directly below an expression, in reading order; not those of subqueries. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.class) {
    case 'FUNCTION':
      return [
        ...expression.children,
        ...(expression.filter === null ? [] : [expression.filter]),
        ...(expression.order_bys?.orders ?? []).map((term) => term.expression),
      ];
    case 'CONJUNCTION':
    case 'OPERATOR':
      return expression.children;
    case 'COMPARISON':
      return [expression.left, expression.right];
    case 'CAST':
      return [expression.child];
    case 'CASE':
      return [...expression.case_checks.flatMap((check) => [check.when_expr, check.then_expr]), expression.else_expr];
    case 'BETWEEN':
      return [expression.input, expression.lower, expression.upper];
    case 'SUBQUERY':
      return expression.child === null ? [] : [expression.child];
    case 'LAMBDA':
      return [expression.lhs, expression.expr];
    case 'WINDOW':
      return [
        ...expression.children,
        ...[expression.filter_expr, expression.offset_expr, expression.default_expr].filter((one) => one !== null),
        ...expression.partitions,
        ...expression.orders.map((term) => term.expression),
      ];
    case 'CONSTANT':
    case 'COLUMN_REF':
    case 'STAR':
      return [];
    default:
      return [];
  }
}

/** Whether an expression, or one below it, satisfies a predicate. */
export function someExpression(expression: Expression, holds: (one: Expression) => boolean): boolean {
  return holds(expression) || childrenOf(expression).some((child) => someExpression(child, holds));
}

/** The terms of a conjunction: `a AND (b AND c)` gives a, b, c. */
export function conjuncts(expression: Expression | null): readonly Expression[] {
  if (expression === null) return [];
  const isAnd = expression.class === 'CONJUNCTION' && expression.type === 'CONJUNCTION_AND';
  return isAnd ? expression.children.flatMap(conjuncts) : [expression];
}

type AstObject = Readonly<Record<string, unknown>>;

/** A copy of the AST with every object replaced by what `replace` makes of its copy, from the leaves up. */
export function mapNodes<T>(node: T, replace: (copy: AstObject, original: AstObject) => unknown): T {
  if (Array.isArray(node)) return node.map((item: unknown) => mapNodes(item, replace)) as T;
  if (!isRecord(node)) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) copy[key] = mapNodes(value, replace);
  return replace(copy, node) as T;
}
