import type { ReadBoundsByTable } from './read-bounds.ts';
import type { Row, Table } from './table.ts';

/** What a query may use, and how much it can see. */
export interface QueryLimits {
  readonly timeoutMs: number;
  readonly maxRows: number;
  /**
   * Who waits for whom: interactive queries, 2 at a time and 16 that wait, never keep scheduled ones from running,
   * nor do long reads (`batch`), one at a time. Each lane has processes of its own; the system gives the processor
   * to ingest first, then to scheduled, interactive and batch queries. The timeout begins when the query does.
   *
   * @defaultValue `'interactive'`
   */
  readonly lane?: 'interactive' | 'scheduled' | 'batch' | undefined;
  /**
   * What the query can see, by its own conditions: parts of the lake without such rows are not opened. It does not
   * filter; a bound that leaves out what the query would see gives a wrong result.
   *
   * @defaultValue everything
   */
  readonly bounds?: ReadBoundsByTable | undefined;
}

/** What a query cost. */
export interface QueryCost {
  /** Rows of the Parquet row groups that were read, each once; what the statistics ruled out is not among them. */
  readonly rowsScanned: number;
  /** Bytes read from Parquet files, compressed as they are. */
  readonly bytesScanned: number;
  /** From the start of the query to its last row. */
  readonly durationMs: number;
}

/** What a query gave. Times are ISO 8601 texts, BIGINTs numbers. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
  /** `true`: there were more rows than `maxRows`. */
  readonly truncated: boolean;
  readonly cost: QueryCost;
}

/** SQL with values that it does not spell: `$1` stands for the first of them. */
export interface BoundSql {
  readonly text: string;
  readonly values: readonly string[];
}

/** What retention has removed from a table. */
export interface Expired {
  readonly table: string;
  readonly rowCount: number;
  /** Of Parquet files. */
  readonly bytes: number;
  /** The last day that is gone: `2026-01-31`. */
  readonly throughDay: string;
  /** When something was removed last. */
  readonly expiredAtMs: number;
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
  query(
    sql: string | BoundSql,
    tables: readonly Table[],
    limits: QueryLimits,
    signal?: AbortSignal,
  ): Promise<QueryResult>;
  /**
   * The same for a result of any size: rows in pieces of some hundred, in the order of the query. It begins with the
   * first read, reads at most two pieces ahead of its reader, and ends when the reader leaves the loop. A scan that
   * ends without an error gave every row.
   *
   * @param limits - The timeout counts the reader's time, too. `lane` is `'batch'` by default.
   * @throws LAKE_QUERY_TIMEOUT, LAKE_QUERY_FAILED, LAKE_QUERY_ABORTED, LAKE_BUSY
   */
  scan(
    sql: string,
    tables: readonly Table[],
    limits: Omit<QueryLimits, 'maxRows'>,
    signal?: AbortSignal,
  ): AsyncIterable<readonly Row[]>;
  /** The days, `2026-01-31`, UTC, of which any of the tables has rows that were committed before the call. */
  days(tables: readonly Table[]): Promise<ReadonlySet<string>>;
}
