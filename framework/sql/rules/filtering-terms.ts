import type { Expression, SelectNode, TableRef } from '../ast/ast.ts';
import { conjuncts } from '../ast/walk.ts';
import type { Bindings, Source } from '../scope/bound.ts';

/** A condition that rows must satisfy. */
export interface FilteringTerm {
  readonly term: Expression;
  /** Whether rows of this source that do not satisfy it are left out. */
  readonly filters: (source: Source | undefined) => boolean;
  /** As `filters`, of the source that an expression is a column of. */
  readonly filtersColumn: (expression: Expression | undefined) => boolean;
}

/**
 * The conditions of WHERE and ON, term by term. An ON filters both sides of a JOIN, only the right side of a LEFT
 * JOIN, neither of a FULL JOIN. A CTE that is used in several places is not filtered by what one of them says.
 */
export function filteringTerms(node: SelectNode, bindings: Bindings): readonly FilteringTerm[] {
  const everywhere = sourcesIn(node.from_table, bindings);
  return [
    ...conjuncts(node.where_clause).map((term) => filtering(term, everywhere, bindings)),
    ...joinTerms(node.from_table, bindings),
  ];
}

/** The sources of a FROM clause, or of a part of it. */
export function sourcesIn(from: TableRef, bindings: Bindings): readonly Source[] {
  if (from.type === 'JOIN') return [...sourcesIn(from.left, bindings), ...sourcesIn(from.right, bindings)];
  const source = bindings.sources.get(from);
  return source === undefined ? [] : [source];
}

function joinTerms(from: TableRef, bindings: Bindings): readonly FilteringTerm[] {
  if (from.type !== 'JOIN') return [];
  const right = sourcesIn(from.right, bindings);
  const reached = { LEFT: right, FULL: [] }[from.join_type] ?? [...sourcesIn(from.left, bindings), ...right];
  return [
    ...joinTerms(from.left, bindings),
    ...joinTerms(from.right, bindings),
    ...conjuncts(from.condition).map((term) => filtering(term, reached, bindings)),
  ];
}

function filtering(term: Expression, reached: readonly Source[], bindings: Bindings): FilteringTerm {
  const names = new Set(reached.map(({ name }) => name.toLowerCase()));
  const filters = (source: Source | undefined): boolean =>
    source !== undefined && names.has(source.name.toLowerCase()) && !isShared(source, bindings);
  const filtersColumn = (expression: Expression | undefined): boolean => {
    const binding = expression?.class === 'COLUMN_REF' ? bindings.columns.get(expression) : undefined;
    return binding?.kind === 'column' && binding.depth === 0 && filters(binding.source);
  };
  return { term, filters, filtersColumn };
}

function isShared({ query }: Source, bindings: Bindings): boolean {
  if (query === undefined) return false;
  return [...bindings.sources.values()].filter((source) => source.query === query).length > 1;
}
