import type { Table } from '../../model/table.ts';
import type { ColumnRef, Expression, QueryNode, TableRef } from '../ast/ast.ts';
import type { Typed, ValueType } from '../dialect/value-type.ts';

/** A use of a declared table: one place in FROM. What the predicates say of it is gathered here. */
export interface BaseUse {
  readonly table: Table;
  readonly ref: TableRef;
}

/** A column that expressions may name. */
export interface BoundColumn extends Typed {
  readonly name: string;
  /** The fields of a STRUCT. */
  readonly fields?: readonly string[] | undefined;
  /** The declared column that it is, unchanged, through subqueries and CTEs. */
  readonly origin?: { readonly use: BaseUse; readonly column: string } | undefined;
}

/** One item of FROM, under the name that columns are qualified by. */
export interface Source {
  readonly name: string;
  readonly columns: readonly BoundColumn[];
  /** `false`: the table is unknown, so its columns are too. */
  readonly isKnown: boolean;
  /** A declared table. */
  readonly use?: BaseUse | undefined;
  /** A subquery or CTE. */
  readonly query?: BoundQuery | undefined;
}

/** What a clause may name: the sources of its FROM, and those of the queries around it. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Columns that USING merged, by lower-case name. */
  readonly merged: ReadonlyMap<string, { readonly source: Source; readonly column: BoundColumn }>;
  readonly outer?: Scope | undefined;
}

/** What a column reference means. */
export type Binding =
  | {
      readonly kind: 'column';
      readonly source: Source;
      readonly column: BoundColumn;
      /** The field of a STRUCT column. */
      readonly field?: string | undefined;
      /** How many queries out it belongs: 0 is the query that names it. */
      readonly depth: number;
    }
  /** An alias of the column list: it stands for that expression. */
  | { readonly kind: 'alias'; readonly expression: Expression };

/** A result column; without a name where the author gave none. */
export interface Output extends Typed {
  readonly name: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly origin?: BoundColumn['origin'];
  /** What it is computed by; absent for set operations. */
  readonly expression?: Expression | undefined;
  /** A column that `*` stands for. */
  readonly starred?: { readonly source: Source; readonly column: BoundColumn } | undefined;
}

/** A query whose names are resolved. */
export interface BoundQuery {
  readonly node: QueryNode;
  readonly outputs: readonly Output[];
  /** Of a SELECT: its FROM. */
  readonly scope?: Scope | undefined;
  /** Of a set operation: its sides. */
  readonly sides?: readonly [BoundQuery, BoundQuery] | undefined;
}

/** Everything the scope walk found out. */
export interface Bindings {
  readonly columns: ReadonlyMap<ColumnRef, Binding>;
  readonly sources: ReadonlyMap<TableRef, Source>;
  /** Every query, subqueries and CTEs too. */
  readonly queries: ReadonlyMap<QueryNode, BoundQuery>;
}

/** The type of a result column as a column that an outer query may name. */
export function asColumn(output: Output): BoundColumn | undefined {
  const { name, type, nullable, fields, origin } = output;
  return name === undefined ? undefined : { name, type, nullable, fields, origin };
}

/** A declared column as a bound one. */
export function declaredColumns(use: BaseUse): readonly BoundColumn[] {
  return use.table.columns.map((column) => ({
    name: column.name,
    type: column.type as ValueType,
    nullable: column.nullable !== false,
    fields: column.fields,
    origin: { use, column: column.name },
  }));
}
