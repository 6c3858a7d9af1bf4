import type { Row, Table } from './table.ts';

/** What a query may use. */
export interface QueryLimits {
  readonly timeoutMs: number;
  readonly maxRows: number;
}

/** What a query gave. Times are ISO 8601 texts, BIGINTs numbers. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
  /** `true`: there were more rows than `maxRows`. */
  readonly truncated: boolean;
  readonly durationMs: number;
}

/** The tables that SQL reads. The only door to database and Parquet files. */
export interface Lake {
  /**
   * Runs DuckDB SQL that passed the gate and has its clock folded, over one snapshot of all rows committed
   * before the call, in a process of its own.
   *
   * @throws LAKE_QUERY_TIMEOUT, LAKE_QUERY_FAILED
   */
  query(sql: string, tables: readonly Table[], limits: QueryLimits, signal?: AbortSignal): Promise<QueryResult>;
}
