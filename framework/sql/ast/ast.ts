// The part of DuckDB's AST (json_serialize_sql) that the subset uses. Names are DuckDB's.

/**
 * A number in the AST that JavaScript can't hold exactly: its digits. DuckDB's "no location" is 2^64-1.
 */
export interface BigLiteral {
  readonly $int: string;
}

/** What every node of DuckDB's AST has. */
interface Located {
  readonly alias?: string;
  /** Byte offset into the text; a {@link BigLiteral} where there is none. */
  readonly query_location?: number | BigLiteral;
}

/** A value written in the text. */
export interface Constant extends Located {
  readonly class: 'CONSTANT';
  readonly type: string;
  readonly value: {
    readonly type: { readonly id: string; readonly type_info?: { readonly scale?: number } | null };
    readonly is_null: boolean;
    readonly value?: unknown;
  };
}

/** `a`, `t.a`, `udm.actor_user`. */
export interface ColumnRef extends Located {
  readonly class: 'COLUMN_REF';
  readonly type: string;
  readonly column_names: readonly string[];
}

/** A call, of a function or an operator; aggregates too. */
export interface FunctionCall extends Located {
  readonly class: 'FUNCTION';
  readonly type: string;
  readonly function_name: string;
  readonly schema: string;
  readonly children: readonly Expression[];
  readonly filter: Expression | null;
  readonly order_bys: { readonly orders: readonly OrderTerm[] } | null;
  readonly distinct: boolean;
  readonly is_operator: boolean;
}

/** `=`, `<>`, `<`, … and `IS [NOT] DISTINCT FROM`. */
export interface Comparison extends Located {
  readonly class: 'COMPARISON';
  readonly type: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** `AND`, `OR`. */
export interface Conjunction extends Located {
  readonly class: 'CONJUNCTION';
  readonly type: 'CONJUNCTION_AND' | 'CONJUNCTION_OR';
  readonly children: readonly Expression[];
}

/** `NOT`, `IS NULL`, `IN (list)`, `coalesce`, subscripts. */
export interface Operator extends Located {
  readonly class: 'OPERATOR';
  readonly type: string;
  readonly children: readonly Expression[];
}

/** `CAST(x AS type)`, `x::type`, `TIMESTAMP '…'`; `TRUE` is a cast of `'t'`. */
export interface Cast extends Located {
  readonly class: 'CAST';
  readonly type: string;
  readonly child: Expression;
  readonly cast_type: { readonly id: string; readonly alias?: string };
  readonly try_cast: boolean;
}

/** `CASE WHEN … END`. */
export interface Case extends Located {
  readonly class: 'CASE';
  readonly type: string;
  readonly case_checks: readonly { readonly when_expr: Expression; readonly then_expr: Expression }[];
  readonly else_expr: Expression;
}

/** `x BETWEEN a AND b`. */
export interface Between extends Located {
  readonly class: 'BETWEEN';
  readonly type: string;
  readonly input: Expression;
  readonly lower: Expression;
  readonly upper: Expression;
}

/** `*`, `t.*`; with `columns`, `COLUMNS(…)`. */
export interface Star extends Located {
  readonly class: 'STAR';
  readonly type: string;
  readonly relation_name: string;
  readonly exclude_list: readonly unknown[];
  readonly replace_list: readonly unknown[];
  readonly rename_list?: readonly unknown[];
  readonly columns: boolean;
  readonly expr: Expression | null;
}

/** `(SELECT …)`, `x IN (SELECT …)`, `EXISTS (SELECT …)`. */
export interface SubqueryExpression extends Located {
  readonly class: 'SUBQUERY';
  readonly type: string;
  readonly subquery_type: string;
  readonly subquery: { readonly node: QueryNode };
  readonly child: Expression | null;
  readonly comparison_type: string;
}

/** `f(…) OVER (PARTITION BY … ORDER BY …)`. */
export interface Window extends Located {
  readonly class: 'WINDOW';
  readonly type: string;
  readonly function_name: string;
  readonly schema: string;
  readonly children: readonly Expression[];
  readonly partitions: readonly Expression[];
  readonly orders: readonly OrderTerm[];
  readonly arg_orders: readonly OrderTerm[];
  readonly filter_expr: Expression | null;
  readonly offset_expr: Expression | null;
  readonly default_expr: Expression | null;
  readonly start: string;
  readonly end: string;
  readonly exclude_clause: string;
  readonly distinct: boolean;
  readonly ignore_nulls: boolean;
}

/** What the parser makes of `x -> y`: JSON extraction where `y` is a text. */
export interface Lambda extends Located {
  readonly class: 'LAMBDA';
  readonly type: string;
  readonly lhs: Expression;
  readonly expr: Expression;
}

/**
 * The expressions that the gate lets through. The parser gives more kinds; a `default` in a switch over
 * `class` is reached by those.
 */
export type Expression =
  | Constant
  | ColumnRef
  | FunctionCall
  | Comparison
  | Conjunction
  | Operator
  | Cast
  | Case
  | Between
  | Star
  | SubqueryExpression
  | Window
  | Lambda;

/** One term of an ORDER BY. */
export interface OrderTerm {
  readonly type: 'ORDER_DEFAULT' | 'ASCENDING' | 'DESCENDING';
  readonly null_order: string;
  readonly expression: Expression;
}

/** One SELECT with its clauses. */
export interface SelectNode {
  readonly type: 'SELECT_NODE';
  readonly modifiers: readonly Modifier[];
  readonly cte_map: CteMap;
  readonly select_list: readonly Expression[];
  readonly from_table: TableRef;
  readonly where_clause: Expression | null;
  readonly group_expressions: readonly Expression[];
  readonly group_sets: readonly unknown[];
  readonly aggregate_handling: string;
  readonly having: Expression | null;
  readonly sample: unknown;
  readonly qualify: Expression | null;
}

/** `UNION`, `EXCEPT`, `INTERSECT`. */
export interface SetOperationNode {
  readonly type: 'SET_OPERATION_NODE';
  readonly modifiers: readonly Modifier[];
  readonly cte_map: CteMap;
  readonly setop_type: string;
  readonly setop_all: boolean;
  readonly left: QueryNode;
  readonly right: QueryNode;
}

/** What stands where a SELECT may stand. */
export type QueryNode = SelectNode | SetOperationNode;

/** The WITH clause. */
export interface CteMap {
  readonly map: readonly { readonly key: string; readonly value: Cte }[];
}

/** One common table expression. */
export interface Cte {
  readonly aliases: readonly string[];
  readonly query: { readonly node: QueryNode };
}

/** DISTINCT, ORDER BY, LIMIT. */
export type Modifier =
  | { readonly type: 'DISTINCT_MODIFIER'; readonly distinct_on_targets: readonly Expression[] }
  | { readonly type: 'ORDER_MODIFIER'; readonly orders: readonly OrderTerm[] }
  | { readonly type: 'LIMIT_MODIFIER'; readonly limit: Expression | null; readonly offset: Expression | null };

interface LocatedTable {
  readonly alias: string;
  readonly query_location?: unknown;
  readonly sample: unknown;
}

/** A table by name. */
export interface BaseTable extends LocatedTable {
  readonly type: 'BASE_TABLE';
  readonly schema_name: string;
  readonly catalog_name: string;
  readonly table_name: string;
  readonly column_name_alias: readonly string[];
  readonly at_clause: unknown;
}

/** A parenthesised SELECT in FROM. */
export interface SubqueryTable extends LocatedTable {
  readonly type: 'SUBQUERY';
  readonly subquery: { readonly node: QueryNode };
  readonly column_name_alias: readonly string[];
}

/** Two table references joined. */
export interface Join extends LocatedTable {
  readonly type: 'JOIN';
  readonly left: TableRef;
  readonly right: TableRef;
  readonly condition: Expression | null;
  readonly join_type: string;
  readonly ref_type: string;
  readonly using_columns: readonly string[];
}

/** No FROM at all. */
export interface EmptyTable extends LocatedTable {
  readonly type: 'EMPTY';
}

/** What FROM may hold. The parser gives more kinds; a `default` in a switch over `type` is reached by those. */
export type TableRef = BaseTable | SubqueryTable | Join | EmptyTable;

/** Whether a node is a query of a kind that the gate lets through. */
export function isQuery(node: { readonly type: string }): node is QueryNode {
  return node.type === 'SELECT_NODE' || node.type === 'SET_OPERATION_NODE';
}
