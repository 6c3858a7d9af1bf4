import { type ColumnRef, type Expression, isQuery } from '../ast/ast.ts';
import { childrenOf } from '../ast/walk.ts';
import { refusedFunctions } from '../dialect/refused-names.ts';
import type { Binder, Surroundings } from './binder.ts';
import type { Binding, Scope } from './bound.ts';
import { resolveColumn } from './resolve-column.ts';

/** Where an expression stands. */
export interface Standing {
  readonly scope: Scope;
  readonly around: Surroundings;
  readonly binder: Binder;
  /** What a name means before (or instead of) a column; `reported`: it has been said why not. */
  readonly alias?: ((ref: ColumnRef) => Binding | 'reported' | undefined) | undefined;
}

/** Resolves the names of an expression, and those of the queries inside it. */
export function bindExpression(expression: Expression, standing: Standing): void {
  if (expression.class === 'COLUMN_REF') {
    bindColumn(expression, standing);
    return;
  }
  // A true lambda has names of its own; the gate has refused it.
  if (expression.class === 'LAMBDA' && expression.expr.class !== 'CONSTANT') return;
  for (const child of childrenOf(expression)) bindExpression(child, standing);
  if (expression.class === 'SUBQUERY' && isQuery(expression.subquery.node)) {
    standing.binder.query(expression.subquery.node, { ctes: standing.around.ctes, outer: standing.scope });
  }
}

function bindColumn(ref: ColumnRef, { scope, binder, alias }: Standing): void {
  // current_timestamp and the like are parsed as columns; the gate has refused them.
  const [only = '', second] = ref.column_names;
  if (second === undefined && refusedFunctions.get(only.toLowerCase())?.code === 'SQL_CLOCK_REFUSED') return;
  const aliased = alias?.(ref);
  if (aliased === 'reported') return;
  const binding = aliased ?? resolveColumn(ref, scope, binder.report, binder.explain);
  if (binding !== undefined) binder.columns.set(ref, binding);
}
