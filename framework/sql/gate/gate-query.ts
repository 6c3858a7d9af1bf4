import { isQuery, type Modifier, type QueryNode, type SelectNode } from '../ast/ast.ts';
import type { Report } from '../sql-problem.ts';
import { gateExpression } from './gate-expression.ts';
import { gateFrom } from './gate-from.ts';

/**
 * Refuses what is outside of the subset: statements, clauses, tables, expressions and functions, all of them
 * at once. Works on the AST alone, so it runs before anything is bound.
 */
export function gateQuery(node: QueryNode, report: Report): void {
  for (const { key, value } of node.cte_map?.map ?? []) {
    if (value.aliases.length > 0) {
      refuse(report, undefined, `Column names after the name of WITH ${key}`, 'Write AS in its SELECT.');
    }
    gateInner(value.query.node, report);
  }
  for (const modifier of node.modifiers) gateModifier(modifier, report);
  if (node.type === 'SET_OPERATION_NODE') {
    const isDistinct = !node.setop_all;
    if (node.setop_type !== 'UNION' && !(isDistinct && ['EXCEPT', 'INTERSECT'].includes(node.setop_type))) {
      const written = `${node.setop_type.replaceAll('_', ' ')}${isDistinct ? '' : ' ALL'}`;
      refuse(report, undefined, written, 'Write UNION ALL, UNION, EXCEPT or INTERSECT.');
    }
    gateInner(node.left, report);
    gateInner(node.right, report);
    return;
  }
  gateSelect(node, report);
}

function gateInner(node: { readonly type: string }, report: Report): void {
  if (isQuery(node)) gateQuery(node, report);
  else refuse(report, undefined, 'WITH RECURSIVE', 'Write out the steps as joins.');
}

function gateSelect(node: SelectNode, report: Report): void {
  const inner = (query: { readonly type: string }) => gateInner(query, report);
  for (const expression of node.select_list) {
    if (expression.class !== 'STAR' || !isPlainStar(expression)) gateExpression(expression, report, inner);
  }
  gateFrom(node.from_table, report, inner);
  if (node.where_clause) gateExpression(node.where_clause, report, inner);
  if (node.aggregate_handling !== 'STANDARD_HANDLING') {
    refuse(report, node.from_table, 'GROUP BY ALL', 'Write out the columns to group by.');
  }
  if (node.group_sets.length > 1 || (node.group_sets.length === 1 && node.group_expressions.length === 0)) {
    refuse(report, node.group_expressions[0], 'ROLLUP, CUBE or GROUPING SETS', 'Write one query per grouping.');
  }
  for (const expression of node.group_expressions) {
    if (isPosition(expression)) refusePosition(report, expression, 'GROUP BY');
    else gateExpression(expression, report, inner);
  }
  if (node.having) gateExpression(node.having, report, inner);
  if (node.qualify) refuse(report, node.qualify, 'QUALIFY', 'Compute the window in a subquery and filter around it.');
  if (node.sample) refuse(report, node.from_table, 'USING SAMPLE', 'Leave it out: a sample differs from run to run.');
}

function gateModifier(modifier: Modifier, report: Report): void {
  const inner = (query: { readonly type: string }) => gateInner(query, report);
  switch (modifier.type) {
    case 'DISTINCT_MODIFIER':
      if (modifier.distinct_on_targets.length > 0) {
        refuse(report, modifier.distinct_on_targets[0], 'DISTINCT ON', 'Write GROUP BY with min or max.');
      }
      return;
    case 'ORDER_MODIFIER':
      for (const { expression } of modifier.orders) {
        if (isPosition(expression)) refusePosition(report, expression, 'ORDER BY');
        else if (expression.class === 'STAR') refuse(report, expression, 'ORDER BY ALL', 'Write out the columns.');
        else gateExpression(expression, report, inner);
      }
      return;
    case 'LIMIT_MODIFIER':
      for (const expression of [modifier.limit, modifier.offset]) {
        if (expression === null || isPosition(expression)) continue;
        refuse(report, expression, 'LIMIT or OFFSET that is computed', 'Write a number.');
      }
      return;
    default:
      refuse(report, undefined, 'LIMIT with a percentage', 'Write a number.');
  }
}

function refuse(report: Report, at: Parameters<Report['add']>[1], what: string, instead: string): void {
  report.add('SQL_CLAUSE_REFUSED', at, `${what} is not in the portable subset.`, instead);
}

function refusePosition(report: Report, at: Parameters<Report['add']>[1], clause: string): void {
  report.add(
    'SQL_POSITION_REFUSED',
    at,
    `${clause} names a column by its number.`,
    'Write the name or the expression.',
  );
}

function isPosition(expression: SelectNode['select_list'][number]): boolean {
  return expression.class === 'CONSTANT' && /INTEGER|BIGINT/.test(expression.value.type.id);
}

function isPlainStar(star: SelectNode['select_list'][number]): boolean {
  if (star.class !== 'STAR' || star.columns || star.expr) return false;
  return [star.exclude_list, star.replace_list, star.rename_list ?? []].every((list) => list.length === 0);
}
