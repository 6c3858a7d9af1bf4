/** A part of a table that a query reads. */
export interface SourceField {
  readonly table: string;
  readonly column: string;
  /** Into a JSON column by `->>`, or the field of a STRUCT: `p_alert_context->>'member'` gives `['member']`. */
  readonly path: readonly (string | number)[];
  /** Of `rule_matches`: the detections that the use is narrowed to; empty where it is not. */
  readonly detections: readonly string[];
}

/** What one result column is made of. */
export interface ColumnLineage {
  readonly name: string;
  /** Each once, in the order of the text. Empty for constants, and for `count(*)`. */
  readonly from: readonly SourceField[];
  /** The aggregates that it is computed by, as DuckDB names them: `count_star`, `max`. */
  readonly aggregates: readonly string[];
  /** Whether it changes with the clock alone. */
  readonly readsClock: boolean;
}

/** One table in FROM, wherever it stands in the query. */
export interface TableUse {
  readonly table: string;
  /** Where it stands, in characters. */
  readonly offset: number | undefined;
  /** As {@link SourceField.detections}. */
  readonly detections: readonly string[];
  /**
   * Whether rows of the result come from it: it stands in FROM itself. Not so the right side of a LEFT JOIN or of
   * EXCEPT, nor a subquery in a condition, nor a lookup: those only say something about rows.
   */
  readonly givesRows: boolean;
  /** Whether the query names the stage of the table, and so sees what shadow detections recorded. */
  readonly seesShadow: boolean;
  /** The smallest window that a `p_occurs_since` of WHERE or ON puts on its own time. */
  readonly window: { readonly windowMs: number; readonly offset: number | undefined } | undefined;
  /** Aggregates over its rows that each row adds to: `count`, `sum` and `avg` without DISTINCT. */
  readonly counts: readonly { readonly name: string; readonly offset: number | undefined }[];
}

/** What a query reads, and what becomes of it. */
export interface QueryLineage {
  /** The result columns that have a name, in order. */
  readonly columns: readonly ColumnLineage[];
  readonly uses: readonly TableUse[];
  /** Every field that the query reads, in whatever clause; each once. */
  readonly reads: readonly SourceField[];
}

/** Of a query that cannot be read. */
export const noLineage: QueryLineage = { columns: [], uses: [], reads: [] };
