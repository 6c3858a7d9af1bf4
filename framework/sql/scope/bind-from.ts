import { suggest } from '../../model/suggest.ts';
import { type BaseTable, isQuery, type Join, type TableRef } from '../ast/ast.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder, Surroundings } from './binder.ts';
import {
  asColumn,
  type BaseUse,
  type BoundColumn,
  type BoundQuery,
  declaredColumns,
  type Scope,
  type Source,
} from './bound.ts';
import { columnOf } from './look-up.ts';

/** The scope that a FROM clause gives, with its ON conditions resolved. */
export function bindFrom(from: TableRef, around: Surroundings, binder: Binder): Scope {
  switch (from.type) {
    case 'EMPTY':
      return scopeOf([], around);
    case 'BASE_TABLE':
      return scopeOf([bindTable(from, around, binder)], around);
    case 'SUBQUERY': {
      if (!isQuery(from.subquery.node)) return scopeOf([remember(from, unknownSource(from.alias), binder)], around);
      // A subquery in FROM sees what is around the whole query, not its neighbours.
      const query = binder.query(from.subquery.node, around);
      return scopeOf([remember(from, querySource(from.alias, query), binder)], around);
    }
    case 'JOIN':
      return bindJoin(from, around, binder);
    default:
      // A kind of table that the gate has refused.
      return scopeOf([unknownSource('')], around);
  }
}

function bindTable(ref: BaseTable, around: Surroundings, binder: Binder): Source {
  const name = ref.alias || ref.table_name;
  const cte = around.ctes.get(ref.table_name.toLowerCase());
  if (cte !== undefined) return remember(ref, querySource(name, cte), binder);
  const table = binder.tables.find((one) => one.name.toLowerCase() === ref.table_name.toLowerCase());
  if (table !== undefined) {
    const use: BaseUse = { table, ref };
    return remember(ref, { name, columns: declaredColumns(use), isKnown: true, use }, binder);
  }
  const known = [...binder.tables.map((one) => one.name), ...around.ctes.keys()];
  // Files, schemas and the engine's own tables the gate has refused with a better reason.
  if (/^(?!(duckdb|pg|sqlite|pragma)_)\w+$/i.test(ref.table_name)) {
    binder.report.add(
      'SQL_TABLE_UNKNOWN',
      ref,
      `There is no table '${ref.table_name}'.`,
      suggest(ref.table_name, known),
    );
  }
  return remember(ref, unknownSource(name), binder);
}

function bindJoin(join: Join, around: Surroundings, binder: Binder): Scope {
  const isFull = join.join_type === 'FULL';
  const left = nullableIf(isFull, bindFrom(join.left, around, binder), binder);
  const right = nullableIf(isFull || join.join_type === 'LEFT', bindFrom(join.right, around, binder), binder);
  reportSameNames(left, right, join, binder);
  const merged = new Map([...left.merged, ...right.merged]);
  for (const name of join.using_columns ?? []) {
    const source = left.sources.find((one) => columnOf(one, name) !== undefined);
    const column = source === undefined ? undefined : columnOf(source, name);
    if (
      source === undefined ||
      column === undefined ||
      !right.sources.some((one) => columnOf(one, name) !== undefined)
    ) {
      binder.report.add(
        'SQL_COLUMN_UNKNOWN',
        join,
        `USING (${name}) needs a column '${name}' on both sides.`,
        'Write ON a.x = b.y.',
      );
    } else {
      merged.set(name.toLowerCase(), { source, column });
    }
  }
  const scope: Scope = { sources: [...left.sources, ...right.sources], merged, outer: around.outer };
  if (join.condition) bindExpression(join.condition, { scope, around, binder });
  return scope;
}

/** The right side of a LEFT JOIN, and both of a FULL JOIN, have NULLs where nothing matches. */
function nullableIf(isOptional: boolean, scope: Scope, binder: Binder): Scope {
  if (!isOptional) return scope;
  const sources = scope.sources.map((source) => {
    const columns = source.columns.map((column): BoundColumn => ({ ...column, nullable: true }));
    const optional: Source = { ...source, columns };
    for (const [ref, known] of binder.sources) if (known === source) binder.sources.set(ref, optional);
    return optional;
  });
  return { ...scope, sources };
}

function reportSameNames(left: Scope, right: Scope, join: Join, binder: Binder): void {
  for (const { name } of right.sources) {
    if (name === '' || !left.sources.some((source) => source.name.toLowerCase() === name.toLowerCase())) continue;
    binder.report.add(
      'SQL_TABLE_AMBIGUOUS',
      join,
      `FROM holds '${name}' twice.`,
      `Write ${name} AS a … JOIN ${name} AS b.`,
    );
  }
}

function querySource(name: string, query: BoundQuery): Source {
  const columns = query.outputs.flatMap((output) => asColumn(output) ?? []);
  return { name, columns, isKnown: true, query };
}

function unknownSource(name: string): Source {
  return { name, columns: [], isKnown: false };
}

function remember(ref: TableRef, source: Source, binder: Binder): Source {
  binder.sources.set(ref, source);
  return source;
}

function scopeOf(sources: readonly Source[], around: Surroundings): Scope {
  return { sources, merged: new Map(), outer: around.outer };
}
