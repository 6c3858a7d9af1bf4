import type { Table } from '../../model/table.ts';
import type { ColumnRef, QueryNode, TableRef } from '../ast/ast.ts';
import type { Report } from '../sql-problem.ts';
import type { Binding, Bindings, BoundQuery, Scope, Source } from './bound.ts';

/** What a scope walk works with and fills. */
export interface Binder extends Bindings {
  readonly tables: readonly Table[];
  readonly report: Report;
  /** A hint for an unknown column that means something elsewhere, such as a context column. */
  readonly explain: (name: string) => string | undefined;
  /** Resolves a query inside an expression or a FROM. */
  readonly query: (node: QueryNode, around: Surroundings) => BoundQuery;
  readonly columns: Map<ColumnRef, Binding>;
  readonly sources: Map<TableRef, Source>;
  readonly queries: Map<QueryNode, BoundQuery>;
}

/** What a query sees of the queries around it. */
export interface Surroundings {
  /** CTEs by lower-case name. */
  readonly ctes: ReadonlyMap<string, BoundQuery>;
  readonly outer?: Scope | undefined;
}
