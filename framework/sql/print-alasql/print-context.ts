import type { Expression, QueryNode } from '../ast/ast.ts';
import type { Typed, ValueType } from '../dialect/value-type.ts';
import type { ScalarName } from '../engines/alasql-functions/all-functions.ts';
import type { Binding } from '../scope/bound.ts';

/** What an expression is printed in: where its columns come from. */
export interface PrintContext {
  /** The text of a whole expression that has been computed before: a group key, an aggregate. */
  readonly computed: (expression: Expression) => string | undefined;
  /** The text of a column, of this query or of one around it. */
  readonly column: (binding: Extract<Binding, { kind: 'column' }>) => string;
  readonly bindingOf: (expression: Expression) => Binding | undefined;
  /** The text of a call that runs a subquery and gives the values of its first column. */
  readonly subquery: (node: QueryNode) => string;
  /** The text of a call that gives, for each row of this SELECT, one value that is computed from an expression. */
  readonly everyRow: (perRow: string) => string;
  /** The type of a subquery's first column. */
  readonly resultType: (node: QueryNode) => ValueType;
  readonly typeOf: (expression: Expression) => Typed;
}

/** Prints an expression; each printer of a kind gets it to print what is inside. */
export type Print = (expression: Expression) => string;

/** A call of one of our functions in alasql. */
export function call(name: ScalarName, ...args: readonly string[]): string {
  return `${name}(${args.join(', ')})`;
}
