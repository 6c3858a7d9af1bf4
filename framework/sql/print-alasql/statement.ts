import type { Binding, Bindings } from '../scope/bound.ts';
import { Unproven } from './unproven.ts';

type ColumnBinding = Extract<Binding, { kind: 'column' }>;

/**
 * One of the statements that a query is printed as: the query itself, or a subquery of an expression, which is
 * a statement of its own that `m_query` runs. alasql's own subqueries see too little of the query around them.
 */
export interface Statement {
  readonly bindings: Bindings;
  /** The text of a value that belongs to a query around this statement. */
  readonly outer: (binding: ColumnBinding) => string;
  /** What `outer` was asked for: the caller passes these, in this order. */
  readonly captured: readonly ColumnBinding[];
  /** The statements that are called, by their number; those inside of others come first. */
  readonly called: string[];
}

/** A query's own statement. */
export function outermostStatement(bindings: Bindings): Statement {
  return { bindings, called: [], captured: [], outer: outOfReach };
}

/** The statement of a subquery in an expression of another one. */
export function innerStatement({ bindings, called }: Statement): Statement {
  const captured: ColumnBinding[] = [];
  const outer = (binding: ColumnBinding): string => {
    const known = captured.findIndex((one) => isSame(one, binding));
    if (known >= 0) return `m_outer(${known})`;
    captured.push(binding);
    return `m_outer(${captured.length - 1})`;
  };
  return { bindings, called, captured, outer };
}

/** The same statement where nothing around it may be read: a CTE stands elsewhere than where it is printed. */
export function sealedStatement(statement: Statement): Statement {
  return { ...statement, outer: outOfReach };
}

function isSame(one: ColumnBinding, other: ColumnBinding): boolean {
  return one.depth === other.depth && one.source.name === other.source.name && one.column.name === other.column.name;
}

function outOfReach(binding: ColumnBinding): never {
  throw new Unproven(`'${binding.source.name}.${binding.column.name}' belongs to a query around it`);
}
