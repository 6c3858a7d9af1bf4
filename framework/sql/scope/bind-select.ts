import type { ColumnRef, Expression, SelectNode, Star } from '../ast/ast.ts';
import { sameExpression } from '../ast/same-expression.ts';
import { bindExpression, type Standing } from './bind-expression.ts';
import type { Binder, Surroundings } from './binder.ts';
import type { Binding, Output, Scope } from './bound.ts';
import { inferType } from './infer-type.ts';
import { columnOf } from './look-up.ts';
import { hasColumn } from './resolve-column.ts';

/** Resolves the clauses of a SELECT after its FROM, and gives its result columns. */
export function bindSelect(node: SelectNode, scope: Scope, around: Surroundings, binder: Binder): readonly Output[] {
  const plain: Standing = { scope, around, binder, alias: (ref) => refuseEarlyAlias(ref, node, scope, binder) };
  if (node.where_clause) bindExpression(node.where_clause, plain);
  for (const expression of node.select_list) bindExpression(expression, plain);
  const aliased: Standing = { ...plain, alias: (ref) => aliasOf(ref, node, scope, binder) };
  for (const expression of [...node.group_expressions, ...(node.having ? [node.having] : [])]) {
    bindExpression(expression, aliased);
  }
  const outputs = node.select_list.flatMap((expression) => outputsOf(expression, node, scope, binder));
  bindModifiers(node, outputs, aliased);
  return outputs;
}

function bindModifiers(node: SelectNode, outputs: readonly Output[], aliased: Standing): void {
  for (const modifier of node.modifiers) {
    if (modifier.type !== 'ORDER_MODIFIER') continue;
    for (const { expression } of modifier.orders) {
      // A bare name is the result column of that name, in every engine; inside an expression it may not be.
      const output = expression.class === 'COLUMN_REF' ? outputNamed(expression, outputs) : undefined;
      if (output?.expression !== undefined && expression.class === 'COLUMN_REF') {
        aliased.binder.columns.set(expression, { kind: 'alias', expression: output.expression });
      } else {
        bindExpression(expression, aliased);
      }
    }
  }
}

function outputNamed(ref: ColumnRef, outputs: readonly Output[]): Output | undefined {
  const [name = '', second] = ref.column_names;
  if (second !== undefined) return undefined;
  return outputs.find((output) => output.name?.toLowerCase() === name.toLowerCase());
}

/** An alias in GROUP BY, HAVING or an ORDER BY expression. */
function aliasOf(ref: ColumnRef, node: SelectNode, scope: Scope, binder: Binder): Binding | 'reported' | undefined {
  const expression = expressionNamed(ref, node);
  const [name = ''] = ref.column_names;
  if (expression === undefined) return undefined;
  if (!hasColumn(name, scope)) return { kind: 'alias', expression };
  const isItself =
    expression.class === 'COLUMN_REF' && expression.column_names.at(-1)?.toLowerCase() === name.toLowerCase();
  if (isItself) return { kind: 'alias', expression };
  binder.report.add(
    'SQL_ALIAS_AMBIGUOUS',
    ref,
    `'${name}' is a column and also an alias of something else; engines disagree on which is meant here.`,
    'Give the alias another name.',
  );
  return 'reported';
}

/** An alias in WHERE or beside it in the column list is unknown to most engines. */
function refuseEarlyAlias(ref: ColumnRef, node: SelectNode, scope: Scope, binder: Binder): 'reported' | undefined {
  const [name = ''] = ref.column_names;
  const expression = expressionNamed(ref, node);
  if (expression === undefined || expression === ref || hasColumn(name, scope)) return undefined;
  if (scope.sources.some((source) => !source.isKnown)) return undefined;
  // Inside a subquery the name may be a column of the query around it.
  if (scope.outer !== undefined && hasColumn(name, scope.outer)) return undefined;
  binder.report.add(
    'SQL_COLUMN_UNKNOWN',
    ref,
    `The alias '${name}' can't be used here: WHERE and the column list are computed before it.`,
    'Write the expression again, or compute it in a subquery.',
  );
  return 'reported';
}

function expressionNamed(ref: ColumnRef, node: SelectNode): Expression | undefined {
  const [name = '', second] = ref.column_names;
  if (second !== undefined) return undefined;
  const named = node.select_list.filter((one) => one.alias?.toLowerCase() === name.toLowerCase());
  const [first] = named;
  return first !== undefined && named.every((one) => sameExpression(one, first)) ? first : undefined;
}

function outputsOf(expression: Expression, node: SelectNode, scope: Scope, binder: Binder): readonly Output[] {
  if (expression.class === 'STAR') return starOutputs(expression, scope, binder);
  const typed = inferType(expression, { ...binder, isGrouped: node.group_expressions.length > 0 });
  const binding = expression.class === 'COLUMN_REF' ? binder.columns.get(expression) : undefined;
  if (binding?.kind !== 'column') return [{ ...typed, name: expression.alias || undefined, expression }];
  const { column, field } = binding;
  return [
    {
      ...typed,
      name: expression.alias || field || column.name,
      expression,
      ...(field === undefined ? { fields: column.fields, origin: column.origin } : {}),
    },
  ];
}

function starOutputs(star: Star, scope: Scope, binder: Binder): readonly Output[] {
  const wanted = star.relation_name?.toLowerCase() ?? '';
  const sources = scope.sources.filter((source) => wanted === '' || source.name.toLowerCase() === wanted);
  if (wanted !== '' && sources.length === 0) {
    binder.report.add(
      'SQL_TABLE_UNKNOWN',
      star,
      `'${star.relation_name}' of '${star.relation_name}.*' is not a table in FROM.`,
    );
  }
  return sources.flatMap((source) =>
    source.columns.flatMap((column): readonly Output[] => {
      const merged = wanted === '' ? scope.merged.get(column.name.toLowerCase()) : undefined;
      if (merged !== undefined && merged.source.name !== source.name && columnOf(source, column.name)) return [];
      return [{ ...column, starred: { source, column } }];
    }),
  );
}
