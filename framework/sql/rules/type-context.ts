import type { ContextType } from '../../model/detection.ts';
import type { SqlType } from '../../model/table.ts';
import type { Expression, QueryNode } from '../ast/ast.ts';
import { mapNodes } from '../ast/walk.ts';
import type { Bindings } from '../scope/bound.ts';
import type { Report } from '../sql-problem.ts';
import { expressionsOf, selectsOf } from './checked-query.ts';
import { type ContextRead, type Contexts, contextReads } from './context-reads.ts';

/** JSON and texts come as texts. */
const sqlTypes: Readonly<Partial<Record<ContextType, SqlType>>> = {
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
};

/**
 * A query in which `p_alert_context->>'key'` has the type that its detections declare for the column:
 * `TRY_CAST(… AS BIGINT)`, so that matches of an older declaration give NULL and not an error. The node itself
 * when there is nothing to cast.
 *
 * Where the author casts, the author's cast stands. Where detections declare different types, the column is the
 * text that they share, which is reported.
 */
export function typeContext(node: QueryNode, bindings: Bindings, contexts: Contexts, report: Report): QueryNode {
  const casts = new Map<unknown, SqlType>();
  const cast = authorsCasts(bindings);
  for (const read of contextReads(bindings, contexts)) {
    if (!read.isColumn || cast.has(read.expression)) continue;
    const types = declaredTypes(read);
    const [only] = types.keys();
    const type = only === undefined ? undefined : sqlTypes[only];
    if (types.size > 1) reportMixed(read, types, report);
    else if (type !== undefined) casts.set(read.expression, type);
  }
  if (casts.size === 0) return node;
  return mapNodes(node, (copy, original) => {
    const type = casts.get(original);
    return type === undefined ? copy : castNode(copy, type);
  });
}

/** What stands directly under a CAST of the author's. */
function authorsCasts(bindings: Bindings): ReadonlySet<Expression> {
  const expressions = selectsOf(bindings).flatMap(({ node }) => expressionsOf(node));
  return new Set(expressions.flatMap((expression) => (expression.class === 'CAST' ? [expression.child] : [])));
}

/** Each declared type of a key, with the first detection that declares it. */
function declaredTypes({ key, detections }: ContextRead): ReadonlyMap<ContextType, string> {
  const types = new Map<ContextType, string>();
  for (const [id, declared] of detections) {
    const type = Object.hasOwn(declared, key) ? declared[key]?.type : undefined;
    if (type !== undefined && !types.has(type)) types.set(type, id);
  }
  return types;
}

function reportMixed({ key, keyAt }: ContextRead, types: ReadonlyMap<ContextType, string>, report: Report): void {
  const owners = [...types].map(([type, id]) => `${type} in '${id}'`).join(' and ');
  report.add(
    'SQL_CONTEXT_TYPE_MIXED',
    keyAt,
    `'${key}' is ${owners}, so it is read as text.`,
    `Declare one type, or write TRY_CAST((p_alert_context->>'${key}') AS BIGINT).`,
    'finding',
  );
}

function castNode(arrow: Readonly<Record<string, unknown>>, type: SqlType): unknown {
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: arrow.alias,
    query_location: arrow.query_location,
    child: { ...arrow, alias: '' },
    cast_type: { id: type, type_info: null },
    try_cast: true,
  };
}
