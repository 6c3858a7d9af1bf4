import type { Row, Table } from './table.ts';

/** What a query may use. */
export interface QueryLimits {
  readonly timeoutMs: number;
  readonly maxRows: number;
  /**
   * Who waits for whom: interactive queries, 2 at a time and 16 that wait, never keep scheduled ones from running,
   * which have room and a process of their own. The timeout begins when the query does.
   *
   * @defaultValue `'interactive'`
   */
  readonly lane?: 'interactive' | 'scheduled' | undefined;
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
   * before the call, in a process of its lane. Aborted while it waits for its turn, it is not run.
   *
   * @throws LAKE_QUERY_TIMEOUT, LAKE_QUERY_FAILED, LAKE_QUERY_ABORTED
   * @throws LAKE_BUSY when too many interactive queries wait already.
   */
  query(sql: string, tables: readonly Table[], limits: QueryLimits, signal?: AbortSignal): Promise<QueryResult>;
}
