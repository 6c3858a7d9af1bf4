import type { Expression, SelectNode, TableRef } from '../ast/ast.ts';
import { childrenOf } from '../ast/walk.ts';
import type { Bindings, BoundColumn, BoundQuery, Scope } from '../scope/bound.ts';
import type { TypeContext } from '../scope/infer-type.ts';

/** One SELECT of a query, with what its names mean. */
export interface BoundSelect {
  readonly node: SelectNode;
  readonly bound: BoundQuery;
  readonly scope: Scope;
  readonly types: TypeContext;
}

/** Every SELECT of a query: its own, those in FROM, WITH, UNION and in expressions. */
export function selectsOf(bindings: Bindings): readonly BoundSelect[] {
  return [...bindings.queries.values()].flatMap((bound): readonly BoundSelect[] => {
    const { node, scope } = bound;
    if (node.type !== 'SELECT_NODE' || scope === undefined) return [];
    const { columns, queries } = bindings;
    return [{ node, bound, scope, types: { columns, queries, isGrouped: node.group_expressions.length > 0 } }];
  });
}

/** Every expression of a SELECT, the ones inside others too; not those of its subqueries. */
export function expressionsOf(node: SelectNode): readonly Expression[] {
  return clausesOf(node).flatMap(withChildren);
}

/** The expressions that the clauses of a SELECT hold, each whole. */
export function clausesOf(node: SelectNode): readonly Expression[] {
  return [
    ...node.select_list,
    ...joinConditions(node.from_table),
    ...(node.where_clause ? [node.where_clause] : []),
    ...node.group_expressions,
    ...(node.having ? [node.having] : []),
    ...node.modifiers.flatMap((modifier) =>
      modifier.type === 'ORDER_MODIFIER' ? modifier.orders.map((term) => term.expression) : [],
    ),
  ];
}

/** The ON conditions of a FROM clause. */
function joinConditions(from: TableRef): readonly Expression[] {
  if (from.type !== 'JOIN') return [];
  const conditions = from.condition ? [from.condition] : [];
  return [...joinConditions(from.left), ...joinConditions(from.right), ...conditions];
}

/** The declared column that an expression is, unchanged; `undefined` for anything computed. */
export function originOf(expression: Expression | undefined, bindings: Bindings): BoundColumn['origin'] {
  if (expression?.class !== 'COLUMN_REF') return undefined;
  const binding = bindings.columns.get(expression);
  if (binding?.kind === 'alias') return originOf(binding.expression, bindings);
  return binding?.field === undefined ? binding?.column.origin : undefined;
}

/** The text that an expression is, when it is a literal text. */
export function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.class !== 'CONSTANT') return undefined;
  return typeof expression.value.value === 'string' ? expression.value.value : undefined;
}

function withChildren(expression: Expression): readonly Expression[] {
  return [expression, ...childrenOf(expression).flatMap(withChildren)];
}
