import type { Expression, Modifier, OrderTerm, QueryNode } from '../ast/ast.ts';
import { isOrderTotal, orderTerms } from '../rules/check-order.ts';
import type { Bindings, BoundQuery, Output } from '../scope/bound.ts';
import { expressionKey, starredKey } from '../scope/expression-key.ts';
import { inferType } from '../scope/infer-type.ts';
import { call } from './print-context.ts';
import { printSelect } from './print-select.ts';
import { printDistinct, printSetOperation } from './print-set-operation.ts';
import { quoteName, quoteNumber } from './quote.ts';
import type { Statement } from './statement.ts';
import { Unproven } from './unproven.ts';

/**
 * A query in alasql's SQL.
 *
 * @param names - The names of the result columns; inner queries have o1, o2, …
 */
export function printQuery(bound: BoundQuery, statement: Statement, names?: readonly string[]): string {
  const { node } = bound;
  const { bindings } = statement;
  const isDistinct = node.modifiers.some((modifier) => modifier.type === 'DISTINCT_MODIFIER');
  const order = placeOrder(bound, isDistinct, bindings);
  const rows =
    bound.sides === undefined
      ? printSelect(bound, order.extras, statement, printQuery).text
      : printSetOperation(bound, bound.sides, (side) => printQuery(side, statement));
  const distinct = isDistinct ? printDistinct(bound, rows) : rows;
  const limit = limitOf(node);
  if (limit !== undefined && !isOrderTotal(bound, bindings))
    throw new Unproven('ORDER BY does not decide which rows LIMIT keeps');
  return printOrder(bound, distinct, order.terms, limit, names);
}

interface Order {
  /** Expressions that are computed beside the outputs, as h1, h2, … */
  readonly extras: readonly Expression[];
  readonly terms: readonly { readonly term: OrderTerm; readonly column: string }[];
}

/** Where each ORDER BY term is found: among the outputs, else beside them. */
function placeOrder(bound: BoundQuery, isDistinct: boolean, bindings: Bindings): Order {
  const extras: Expression[] = [];
  const terms = orderTerms(bound.node).map((term) => {
    requireOrdered(term.expression, bound, bindings);
    const index = bound.outputs.findIndex((output) => isTheOutput(term.expression, output, bound, bindings));
    if (index >= 0) return { term, column: quoteName(`o${index + 1}`) };
    if (isDistinct || bound.sides !== undefined) throw new Unproven('it orders by what is not in the result');
    extras.push(term.expression);
    return { term, column: quoteName(`h${extras.length}`) };
  });
  return { extras, terms };
}

function isTheOutput(expression: Expression, output: Output, bound: BoundQuery, bindings: Bindings): boolean {
  if (bound.sides !== undefined) {
    return (
      expression.class === 'COLUMN_REF' && expression.column_names.at(-1)?.toLowerCase() === output.name?.toLowerCase()
    );
  }
  const key = expressionKey(expression, bindings.columns);
  if (output.expression !== undefined) return expressionKey(output.expression, bindings.columns) === key;
  return output.starred !== undefined && starredKey(output.starred.source, output.starred.column) === key;
}

function requireOrdered(expression: Expression, bound: BoundQuery, bindings: Bindings): void {
  if (bound.sides !== undefined) return;
  const { type } = inferType(expression, { ...bindings, isGrouped: true });
  if (['OTHER', 'STRUCT', 'VARCHAR[]', 'INTERVAL'].includes(type)) throw new Unproven(`it orders by ${type}`);
}

function printOrder(
  bound: BoundQuery,
  rows: string,
  terms: Order['terms'],
  limit: string | undefined,
  names: readonly string[] | undefined,
): string {
  if (terms.length === 0 && limit === undefined && names === undefined) return rows;
  const named = bound.outputs.map((_, index) => {
    const own = quoteName(`o${index + 1}`);
    return `\`s\`.${own} AS ${names === undefined ? own : quoteName(names[index] ?? '')}`;
  });
  if (terms.length === 0) return `SELECT ${named.join(', ')} FROM (${rows}) AS \`s\`${limit ?? ''}`;
  const outputs = bound.outputs.map(
    (_, index) => `\`s\`.${quoteName(`o${index + 1}`)} AS ${quoteName(`o${index + 1}`)}`,
  );
  const keys = terms.flatMap(({ column }, index) => [
    `${call('m_null_rank', `\`s\`.${column}`)} AS \`n${index + 1}\``,
    `${call('m_sort_key', `\`s\`.${column}`)} AS \`k${index + 1}\``,
  ]);
  const keyed = `SELECT ${[...outputs, ...keys].join(', ')} FROM (${rows}) AS \`s\``;
  const order = terms.map(({ term }, index) => {
    const nulls = term.null_order === 'NULLS FIRST' ? 'DESC' : 'ASC';
    return `\`s\`.\`n${index + 1}\` ${nulls}, \`s\`.\`k${index + 1}\` ${term.type === 'DESCENDING' ? 'DESC' : 'ASC'}`;
  });
  return `SELECT ${named.join(', ')} FROM (${keyed}) AS \`s\` ORDER BY ${order.join(', ')}${limit ?? ''}`;
}

function limitOf(node: QueryNode): string | undefined {
  const found = node.modifiers.find(
    (modifier): modifier is Extract<Modifier, { type: 'LIMIT_MODIFIER' }> => modifier.type === 'LIMIT_MODIFIER',
  );
  if (found === undefined) return undefined;
  const limit = found.limit === null ? undefined : numberOf(found.limit);
  // alasql reads LIMIT 0 as no limit.
  if (limit === undefined || limit === 0) throw new Unproven(limit === 0 ? 'LIMIT 0' : 'OFFSET without LIMIT');
  const offset = found.offset === null ? 0 : numberOf(found.offset);
  return ` LIMIT ${quoteNumber(limit)}${offset === 0 ? '' : ` OFFSET ${quoteNumber(offset)}`}`;
}

function numberOf(expression: Expression): number {
  const value = expression.class === 'CONSTANT' ? expression.value.value : undefined;
  if (typeof value !== 'number') throw new Unproven('LIMIT is computed');
  return value;
}
