import type { ColumnRef, Expression } from '../ast/ast.ts';
import { childrenOf } from '../ast/walk.ts';
import { jsonSteps } from '../dialect/json-path.ts';
import { originOf, textOf } from '../rules/checked-query.ts';
import type { BaseUse, Bindings, BoundQuery, Output, Source } from '../scope/bound.ts';
import { isAggregate } from '../scope/is-aggregate.ts';

/** What an expression is computed from. */
export interface Sources {
  readonly fields: readonly { readonly use: BaseUse; readonly column: string; readonly path: SourcePath }[];
  readonly aggregates: readonly string[];
  readonly readsClock: boolean;
}

type SourcePath = readonly (string | number)[];

const nothing: Sources = { fields: [], aggregates: [], readsClock: false };

/** The declared columns behind an expression, through aliases, subqueries and CTEs. */
export function expressionSources(expression: Expression, bindings: Bindings): Sources {
  const json = jsonField(expression, bindings);
  if (json !== undefined) return { ...nothing, fields: [json] };
  if (expression.class === 'COLUMN_REF') return columnSources(expression, bindings);
  const below = childrenOf(expression).map((child) => expressionSources(child, bindings));
  const query = expression.class === 'SUBQUERY' ? bindings.queries.get(expression.subquery.node) : undefined;
  const all = merge([
    ...below,
    ...(query?.outputs ?? []).map((output, at) => outputSources(output, at, query, bindings)),
  ]);
  if (expression.class !== 'FUNCTION') return all;
  return {
    fields: all.fields,
    aggregates: isAggregate(expression) ? [...all.aggregates, expression.function_name] : all.aggregates,
    readsClock: all.readsClock || expression.function_name === 'p_current_timestamp',
  };
}

/** What one result column of a query is computed from. */
export function outputSources(
  output: Output,
  index: number,
  query: BoundQuery | undefined,
  bindings: Bindings,
): Sources {
  if (output.expression !== undefined) return expressionSources(output.expression, bindings);
  if (output.starred !== undefined)
    return sourceColumn(output.starred.source, output.starred.column.name, [], bindings);
  const sides = query?.sides ?? [];
  return merge(
    sides.flatMap((side) => {
      const inner = side.outputs[index];
      return inner === undefined ? [] : [outputSources(inner, index, side, bindings)];
    }),
  );
}

function columnSources(ref: ColumnRef, bindings: Bindings): Sources {
  const binding = bindings.columns.get(ref);
  if (binding === undefined) return nothing;
  if (binding.kind === 'alias') return expressionSources(binding.expression, bindings);
  return sourceColumn(
    binding.source,
    binding.column.name,
    binding.field === undefined ? [] : [binding.field],
    bindings,
  );
}

function sourceColumn(source: Source, column: string, path: SourcePath, bindings: Bindings): Sources {
  if (source.use !== undefined) return { ...nothing, fields: [{ use: source.use, column, path }] };
  const outputs = source.query?.outputs ?? [];
  const index = outputs.findIndex((output) => output.name === column);
  const output = outputs[index];
  if (output === undefined) return nothing;
  const found = outputSources(output, index, source.query, bindings);
  return path.length === 0 ? found : { ...found, fields: found.fields.map((field) => ({ ...field, path })) };
}

/** `column->>'key'`, `column->'key'->>'deeper'`: the field that it leads to. */
function jsonField(expression: Expression, bindings: Bindings): Sources['fields'][number] | undefined {
  const sides = arrowSides(expression);
  if (sides === undefined) return undefined;
  const steps = jsonSteps(textOf(sides.key) ?? '');
  if (steps === undefined) return undefined;
  const inner = jsonField(sides.from, bindings);
  if (inner !== undefined) return { ...inner, path: [...inner.path, ...steps] };
  const origin = originOf(sides.from, bindings);
  return origin === undefined ? undefined : { use: origin.use, column: origin.column, path: steps };
}

function arrowSides(expression: Expression): { readonly from: Expression; readonly key: Expression } | undefined {
  if (expression.class === 'LAMBDA') return { from: expression.lhs, key: expression.expr };
  if (expression.class !== 'FUNCTION' || expression.function_name !== '->>') return undefined;
  const [from, key] = expression.children;
  return from === undefined || key === undefined ? undefined : { from, key };
}

function merge(parts: readonly Sources[]): Sources {
  return {
    fields: parts.flatMap(({ fields }) => fields),
    aggregates: [...new Set(parts.flatMap(({ aggregates }) => aggregates))],
    readsClock: parts.some(({ readsClock }) => readsClock),
  };
}
