import type { Expression, Join, SelectNode, TableRef } from '../ast/ast.ts';
import { conjuncts, someExpression } from '../ast/walk.ts';
import type { BaseUse, Bindings, Source } from '../scope/bound.ts';
import { columnOf } from '../scope/look-up.ts';
import type { Report } from '../sql-problem.ts';
import { type BoundSelect, joinConditions, originOf, selectsOf } from './checked-query.ts';

/**
 * Findings about queries that read more than they look: all of time, every column of an event table, every
 * pair of rows.
 */
export function findWideReads(bindings: Bindings, report: Report): void {
  findUnboundedTime(bindings, report);
  for (const select of selectsOf(bindings)) {
    findStars(select, report);
    findCrossJoins(select.node.from_table, select, bindings, report);
  }
}

function findUnboundedTime(bindings: Bindings, report: Report): void {
  const bounded = new Set<BaseUse>();
  for (const select of selectsOf(bindings)) {
    const terms = [select.node.where_clause, ...joinConditions(select.node.from_table)].flatMap(conjuncts);
    for (const term of terms) {
      const use = timeBoundOf(term, select, bindings);
      if (use !== undefined) bounded.add(use);
    }
  }
  for (const { use } of bindings.sources.values()) {
    if (use === undefined || use.table.time !== 'p_event_time' || bounded.has(use)) continue;
    const hint = "Add p_occurs_since('30 days') to WHERE.";
    report.add('SQL_TIME_UNBOUNDED', use.ref, `${use.table.name} is read over all of time.`, hint, 'finding');
  }
}

/** The table whose time a condition bounds from below. */
export function timeBoundOf(term: Expression, select: BoundSelect, bindings: Bindings): BaseUse | undefined {
  const time = timeSide(term, select);
  if (typeof time === 'string') {
    const source = select.scope.sources.find((one) => columnOf(one, time) !== undefined);
    return source === undefined ? undefined : columnOf(source, time)?.origin?.use;
  }
  const origin = originOf(time, bindings);
  return origin !== undefined && origin.column === origin.use.table.time ? origin.use : undefined;
}

function timeSide(term: Expression, select: BoundSelect): Expression | string | undefined {
  if (term.class === 'FUNCTION' && term.function_name === 'p_occurs_since') return term.children[1] ?? 'p_event_time';
  if (term.class === 'BETWEEN') return term.input;
  if (term.class !== 'COMPARISON') return undefined;
  const { left, right, type } = term;
  if (type === 'COMPARE_GREATERTHAN' || type === 'COMPARE_GREATERTHANOREQUALTO') return left;
  if (type === 'COMPARE_LESSTHAN' || type === 'COMPARE_LESSTHANOREQUALTO') return right;
  const isColumn = left.class === 'COLUMN_REF' && select.types.columns.has(left);
  return type === 'COMPARE_EQUAL' ? (isColumn ? left : right) : undefined;
}

function findStars({ node, bound }: BoundSelect, report: Report): void {
  for (const star of node.select_list) {
    if (star.class !== 'STAR') continue;
    const wide = bound.outputs.find((output) => isEventTable(output.starred?.source));
    if (wide === undefined) continue;
    const hint = 'Name the columns that are needed.';
    report.add(
      'SQL_STAR_EVENTS',
      star,
      `* reads every column of ${wide.starred?.source.use?.table.name}.`,
      hint,
      'finding',
    );
  }
}

function isEventTable(source: Source | undefined): boolean {
  const table = source?.use?.table;
  return table !== undefined && table.time === 'p_event_time' && table.name !== 'rule_matches';
}

function findCrossJoins(from: TableRef, select: BoundSelect, bindings: Bindings, report: Report): void {
  if (from.type !== 'JOIN') return;
  findCrossJoins(from.left, select, bindings, report);
  findCrossJoins(from.right, select, bindings, report);
  const isJoined = from.condition !== null || from.using_columns.length > 0;
  if (isJoined || isTiedByWhere(from, select.node, bindings)) return;
  const hint = 'Write JOIN … ON a.x = b.y.';
  report.add(
    'SQL_CROSS_JOIN',
    placeOf(from),
    'Every row of one table is paired with every row of the other.',
    hint,
    'finding',
  );
}

/** `FROM a, b WHERE a.x = b.x`. */
function isTiedByWhere(join: Join, node: SelectNode, bindings: Bindings): boolean {
  const left = sourcesIn(join.left, bindings);
  const right = sourcesIn(join.right, bindings);
  const reads = (term: Expression, sources: readonly Source[]) =>
    someExpression(term, (one) => {
      const binding = one.class === 'COLUMN_REF' ? bindings.columns.get(one) : undefined;
      return binding?.kind === 'column' && sources.some((source) => source.name === binding.source.name);
    });
  return conjuncts(node.where_clause).some((term) => reads(term, left) && reads(term, right));
}

function sourcesIn(from: TableRef, bindings: Bindings): readonly Source[] {
  if (from.type === 'JOIN') return [...sourcesIn(from.left, bindings), ...sourcesIn(from.right, bindings)];
  const source = bindings.sources.get(from);
  return source === undefined ? [] : [source];
}

function placeOf(join: Join): TableRef {
  return typeof join.query_location === 'number' ? join : join.right;
}
