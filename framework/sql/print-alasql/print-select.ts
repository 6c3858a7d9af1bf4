import type { Expression, FunctionCall, QueryNode, SelectNode } from '../ast/ast.ts';
import type { BoundQuery, Output } from '../scope/bound.ts';
import { columnKey, expressionKey } from '../scope/expression-key.ts';
import { inferType } from '../scope/infer-type.ts';
import { isAggregate, isAggregating } from '../scope/is-aggregate.ts';
import { isJsonValue } from './expressions/print-column.ts';
import { printAggregate } from './print-aggregate.ts';
import { call, type PrintContext } from './print-context.ts';
import { printExpression } from './print-expression.ts';
import { printFrom } from './print-from.ts';
import type { PrintedFrom } from './printed-from.ts';
import { quoteName } from './quote.ts';
import { innerStatement, type Statement, sealedStatement } from './statement.ts';
import { Unproven } from './unproven.ts';

/** A SELECT before its DISTINCT, ORDER BY and LIMIT. */
export interface PrintedSelect {
  /** SQL whose columns are o1, o2, … for the outputs, then h1, h2, … for the extra ones. */
  readonly text: string;
}

/** Prints FROM, WHERE, GROUP BY, HAVING and the column list, with extra expressions beside the outputs. */
export function printSelect(
  bound: BoundQuery,
  extras: readonly Expression[],
  statement: Statement,
  query: PrintQuery,
): PrintedSelect {
  const node = bound.node as SelectNode;
  const contextOf = (column: PrintedFrom['column']) => rowContext(node, column, statement, query);
  const from = printFrom(node.from_table, {
    bindings: statement.bindings,
    subquery: (inner) => query(inner, statement),
    cte: (inner) => query(inner, sealedStatement(statement)),
    condition: (expression, column) => printExpression(expression, contextOf(column)),
  });
  const rows = contextOf(from.column);
  const where = node.where_clause ? ` WHERE ${printExpression(node.where_clause, rows)}` : '';
  if (!isAggregating(node)) {
    const everyRow = (perRow: string) => callEveryRow(`SELECT ${perRow} AS \`o1\`${from.text}${where}`, statement);
    const columns = printColumns(bound.outputs, extras, { ...rows, everyRow }, from);
    return { text: `SELECT ${columns}${from.text}${where}` };
  }
  return { text: printGroups(node, bound.outputs, extras, { rows, from, where, statement, query }) };
}

/** Prints a query in a statement. */
export type PrintQuery = (query: BoundQuery, statement: Statement) => string;

interface Parts {
  readonly rows: PrintContext;
  readonly from: PrintedFrom;
  readonly where: string;
  readonly statement: Statement;
  readonly query: PrintQuery;
}

/**
 * Groups in three layers: what groups and aggregates need is computed per row; then alasql groups by one key
 * over plain columns, which is all of its grouping that can be trusted; then come HAVING and the column list.
 */
function printGroups(
  node: SelectNode,
  outputs: readonly Output[],
  extras: readonly Expression[],
  parts: Parts,
): string {
  const { rows, from, where, statement } = parts;
  const { bindings } = statement;
  const keys = node.group_expressions.map((expression) => expressionKey(expression, bindings.columns));
  const perRow = keys.length > 0 ? [`${printKey(node.group_expressions, rows)} AS \`k\``] : [];
  const perGroup = keys.length > 0 ? ['`s`.`k` AS `k`'] : [];
  const aggregates = new Map<string, string>();
  const aggregate = (fn: FunctionCall): string => {
    const key = expressionKey(fn, bindings.columns);
    const index = aggregates.size + 1;
    const known = aggregates.get(key) ?? `\`s\`.\`a${index}\``;
    if (!aggregates.has(key)) {
      const printed = printAggregate(fn, rows);
      perRow.push(`${printed.perRow} AS \`x${index}\``);
      perGroup.push(`${printed.over(`\`s\`.\`x${index}\``)} AS \`a${index}\``);
      aggregates.set(key, known);
    }
    return known;
  };
  const groups: PrintContext = {
    ...rows,
    computed: (expression) => {
      const index = keys.indexOf(expressionKey(expression, bindings.columns));
      if (index >= 0) return call('m_key_at', '`s`.`k`', String(index));
      return isAggregate(expression) ? aggregate(expression as FunctionCall) : undefined;
    },
    column: (binding) => {
      if (binding.depth > 0) return rows.column(binding);
      const index = isJsonValue(binding) ? -1 : keys.indexOf(columnKey(binding));
      if (index >= 0) return call('m_key_at', '`s`.`k`', String(index));
      throw new Unproven('it reads a column that is neither grouped by nor aggregated');
    },
    subquery: (inner) => callSubquery(inner, statement, groups, parts.query),
  };
  const columns = printColumns(outputs, extras, groups, from);
  const having = node.having ? ` WHERE ${printExpression(node.having, groups)}` : '';
  if (perGroup.length === 0) throw new Unproven('it has HAVING without an aggregate');
  const layer1 = `SELECT ${perRow.join(', ')}${from.text}${where}`;
  const layer2 = `SELECT ${perGroup.join(', ')} FROM (${layer1}) AS \`s\`${keys.length > 0 ? ' GROUP BY `s`.`k`' : ''}`;
  return `SELECT ${columns} FROM (${layer2}) AS \`s\`${having}`;
}

function printColumns(
  outputs: readonly Output[],
  extras: readonly Expression[],
  context: PrintContext,
  from: PrintedFrom,
): string {
  const named = outputs.map(
    (output, index) => `${printOutput(output, context, from)} AS ${quoteName(`o${index + 1}`)}`,
  );
  const hidden = extras.map((extra, index) => `${printExpression(extra, context)} AS ${quoteName(`h${index + 1}`)}`);
  return [...named, ...hidden].join(', ');
}

function printOutput(output: Output, context: PrintContext, from: PrintedFrom): string {
  if (output.type === 'OTHER') throw new Unproven(`the type of the result column '${output.name ?? ''}' is not known`);
  if (output.expression !== undefined) return printExpression(output.expression, context);
  if (output.starred === undefined) throw new Unproven('a result column has no expression');
  const { source, column } = output.starred;
  const text = from.column(source, column.name);
  return isJsonValue({ source, column }) ? call('m_json_text', text) : text;
}

function printKey(expressions: readonly Expression[], context: PrintContext): string {
  return call('m_key', ...expressions.map((expression) => printExpression(expression, context)));
}

/** How expressions over the rows of FROM are printed. */
function rowContext(
  node: SelectNode,
  column: PrintedFrom['column'],
  statement: Statement,
  query: PrintQuery,
): PrintContext {
  const { columns, queries } = statement.bindings;
  const types = { columns, queries, isGrouped: node.group_expressions.length > 0 };
  const context: PrintContext = {
    computed: (expression) => {
      if (isAggregate(expression)) throw new Unproven('it aggregates where there are no groups yet');
      return undefined;
    },
    column: (binding) => (binding.depth > 0 ? statement.outer(binding) : column(binding.source, binding.column.name)),
    bindingOf: (expression) => (expression.class === 'COLUMN_REF' ? columns.get(expression) : undefined),
    subquery: (inner) => callSubquery(inner, statement, context, query),
    everyRow: () => {
      throw new Unproven('it has a window function over groups');
    },
    resultType: (inner) => queries.get(inner)?.outputs[0]?.type ?? 'OTHER',
    typeOf: (expression) => inferType(expression, types),
  };
  return context;
}

/** Prints a subquery as a statement of its own, and the call that passes it what it reads of this one. */
function callSubquery(node: QueryNode, statement: Statement, context: PrintContext, query: PrintQuery): string {
  const bound = statement.bindings.queries.get(node);
  if (bound === undefined) throw new Unproven('a subquery is unknown');
  const inner = innerStatement(statement);
  const text = query(bound, inner);
  statement.called.push(text);
  const passed = inner.captured.map((binding) => context.column({ ...binding, depth: binding.depth - 1 }));
  return call('m_query', String(statement.called.length - 1), ...passed);
}

/** A window reads all rows of its SELECT: a statement of its own over the same FROM and WHERE gives them. */
function callEveryRow(text: string, statement: Statement): string {
  if (text.includes('m_outer(')) throw new Unproven('it has a window function that reads the query around it');
  statement.called.push(text);
  return call('m_query', String(statement.called.length - 1));
}
