import { parseDuration } from '../../model/duration.ts';
import { isRecord } from '../../model/path.ts';
import { mapNodes } from '../ast/walk.ts';

type AstObject = Readonly<Record<string, unknown>>;

/** Where nodes of our own stand: nowhere, as DuckDB writes it. */
const nowhere = { $int: '18446744073709551615' };

/**
 * A copy of an AST with the clock as constants:
 *
 * - `p_current_timestamp()`: the time;
 * - `p_occurs_since('30 days'[, column])`: the half-open interval [now − 30 days, now). An event exactly at
 *   `now` belongs to the next run, so that consecutive runs neither miss nor repeat it.
 */
export function foldTime<T>(node: T, nowMs: number): T {
  return mapNodes(node, (object) => {
    if (object.class !== 'FUNCTION') return object;
    if (object.function_name === 'p_current_timestamp') return timestampNode(nowMs, object.alias);
    if (object.function_name !== 'p_occurs_since') return object;
    return intervalNode(object.children as readonly unknown[], nowMs, object.alias);
  });
}

/** A copy of an AST with `list_at` as DuckDB's own, which counts from 1. */
export function foldLists<T>(node: T): T {
  return mapNodes(node, (object) => {
    if (object.class !== 'FUNCTION' || object.function_name !== 'list_at') return object;
    const [list, index] = object.children as readonly unknown[];
    return { ...object, function_name: 'list_extract', children: [list, successor(index)] };
  });
}

/** A copy of an AST with `count_if(x)` as `count(*) FILTER (WHERE x)`: DuckDB's own is NULL where every x is. */
export function foldCounts<T>(node: T): T {
  return mapNodes(node, (object) => {
    if (object.class !== 'FUNCTION' || object.function_name !== 'count_if' || object.distinct === true) return object;
    const [condition] = object.children as readonly unknown[];
    return { ...object, function_name: 'count_star', children: [], filter: bothOf(object.filter, condition) };
  });
}

function bothOf(filter: unknown, condition: unknown): unknown {
  if (!isRecord(filter)) return condition;
  return {
    class: 'CONJUNCTION',
    type: 'CONJUNCTION_AND',
    alias: '',
    query_location: nowhere,
    children: [filter, condition],
  };
}

function intervalNode(children: readonly unknown[], nowMs: number, alias: unknown): AstObject {
  const fromMs = nowMs - parseDuration(String(constantValue(children[0])));
  const column = children[1] ?? columnNode('p_event_time');
  return {
    class: 'CONJUNCTION',
    type: 'CONJUNCTION_AND',
    alias,
    query_location: nowhere,
    children: [
      comparisonNode('COMPARE_GREATERTHANOREQUALTO', column, timestampNode(fromMs, '')),
      comparisonNode('COMPARE_LESSTHAN', column, timestampNode(nowMs, '')),
    ],
  };
}

function comparisonNode(type: string, left: unknown, right: unknown): AstObject {
  return { class: 'COMPARISON', type, alias: '', query_location: nowhere, left, right };
}

function columnNode(name: string): AstObject {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: nowhere, column_names: [name] };
}

function timestampNode(timeMs: number, alias: unknown): AstObject {
  const text = new Date(timeMs).toISOString().replace('T', ' ').replace('Z', '');
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias,
    query_location: nowhere,
    child: {
      class: 'CONSTANT',
      type: 'VALUE_CONSTANT',
      alias: '',
      query_location: nowhere,
      value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value: text },
    },
    cast_type: { id: 'TIMESTAMP', type_info: null },
    try_cast: false,
  };
}

function constantValue(node: unknown): unknown {
  return isRecord(node) && isRecord(node.value) ? node.value.value : undefined;
}

function successor(node: unknown): unknown {
  if (!isRecord(node) || !isRecord(node.value)) return node;
  return { ...node, value: { ...node.value, value: Number(node.value.value) + 1 } };
}
