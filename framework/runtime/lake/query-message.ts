import type { QueryCost, QueryResult } from '../../model/lake.ts';
import type { Table } from '../../model/table.ts';

/** Files that are read alike. */
export interface FileRead {
  /** Absolute. */
  readonly files: readonly string[];
  /** Whether each has the columns of the table and their types, so that one need not look. */
  readonly isUniform: boolean;
  /** Rows with another value in the table's first sort column are left out. Absent: none are. */
  readonly key?: string | undefined;
}

/** A table as a query sees it: the rows of all reads. */
export interface TableSnapshot {
  readonly table: Table;
  readonly reads: readonly FileRead[];
}

/** A query, and what it reads. */
export interface QueryTask {
  readonly sql: string;
  /** What `$1`, `$2` and so on stand for. */
  readonly values: readonly string[];
  readonly tables: readonly TableSnapshot[];
  /** The files that say which alert a match belongs to; none where the query does not ask. */
  readonly linkFiles: readonly string[];
  /** More rows than this are not read. */
  readonly maxRows: number;
  /** A result with more text than this fails. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** What the query process is asked. `more`: a piece was taken, so that another may be sent ahead. */
export type QueryRequest =
  | ({ readonly kind: 'run'; readonly id: number } & QueryTask)
  | { readonly kind: 'more'; readonly id: number }
  | { readonly kind: 'interrupt'; readonly id: number };

/** How many pieces the query process sends without being asked for more. */
export const maxPiecesAhead = 2;

/** What the end of a result says about all of it. */
export type QueryEnd = Pick<QueryResult, 'columns' | 'truncated'> & {
  readonly scanned: Omit<QueryCost, 'durationMs'>;
};

/**
 * What the query process replies: the rows in pieces, the last with the end. Rows are JSON text, one array a piece,
 * because text crosses the process border fastest.
 */
export type QueryReply =
  | { readonly id: number; readonly rowsJson: string; readonly end?: QueryEnd }
  | {
      readonly id: number;
      readonly code: 'LAKE_QUERY_FAILED' | 'LAKE_NUMBER_TOO_LARGE';
      readonly message: string;
      readonly hint?: string | undefined;
    };
