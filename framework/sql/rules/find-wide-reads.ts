import type { Expression, Join, SelectNode, TableRef } from '../ast/ast.ts';
import { childrenOf, conjuncts, someExpression } from '../ast/walk.ts';
import type { BaseUse, Bindings, Source } from '../scope/bound.ts';
import { isAggregating } from '../scope/is-aggregate.ts';
import { columnOf } from '../scope/look-up.ts';
import type { Report } from '../sql-problem.ts';
import { type BoundSelect, originOf, selectsOf } from './checked-query.ts';
import { type FilteringTerm, filteringTerms, sourcesIn } from './filtering-terms.ts';

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
    for (const filtering of filteringTerms(select.node, bindings)) {
      const use = timeBoundOf(filtering, select, bindings);
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
export function timeBoundOf(filtering: FilteringTerm, select: BoundSelect, bindings: Bindings): BaseUse | undefined {
  const { term } = filtering;
  const time = timeSide(term, select);
  if (typeof time === 'string') {
    const source = select.scope.sources.find((one) => columnOf(one, time) !== undefined);
    return source === undefined || !filtering.filters(source) ? undefined : columnOf(source, time)?.origin?.use;
  }
  const origin = filtering.filtersColumn(time) ? originOf(time, bindings) : undefined;
  if (origin === undefined || origin.column !== origin.use.table.time) return undefined;
  // Compared with another column of its own row it is bounded by nothing.
  const isByItself = childrenOf(term).some(
    (child) => child !== time && someExpression(child, (one) => originOf(one, bindings)?.use === origin.use),
  );
  return isByItself ? undefined : origin.use;
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
  if (from.using_columns.length > 0 || isOneRow(from.left) || isOneRow(from.right)) return;
  if (isTied(from, select.node, bindings)) return;
  const hint = 'Write JOIN … ON a.x = b.y.';
  report.add(
    'SQL_CROSS_JOIN',
    placeOf(from),
    'Every row of one table is paired with every row of the other.',
    hint,
    'finding',
  );
}

/** Whether a term of ON or WHERE is about both sides: `a JOIN b ON a.x = b.x`, `FROM a, b WHERE a.x = b.x`. */
function isTied(join: Join, node: SelectNode, bindings: Bindings): boolean {
  const left = sourcesIn(join.left, bindings);
  const right = sourcesIn(join.right, bindings);
  const reads = (term: Expression, sources: readonly Source[]) =>
    someExpression(term, (one) => {
      const binding = one.class === 'COLUMN_REF' ? bindings.columns.get(one) : undefined;
      return binding?.kind === 'column' && sources.some((source) => source.name === binding.source.name);
    });
  return [join.condition, node.where_clause].flatMap(conjuncts).some((term) => reads(term, left) && reads(term, right));
}

/** A subquery that aggregates without GROUP BY gives one row: nothing is multiplied. */
function isOneRow(from: TableRef): boolean {
  if (from.type !== 'SUBQUERY' || from.subquery.node.type !== 'SELECT_NODE') return false;
  const { node } = from.subquery;
  return isAggregating(node) && node.group_expressions.length === 0;
}

function placeOf(join: Join): TableRef {
  return [join, join.right, join.left].find((one) => typeof one.query_location === 'number') ?? join;
}
