import type { QueryLimits } from '../../model/lake.ts';
import type { Table } from '../../model/table.ts';

/** A table as a query sees it: its files, absolute. */
export interface TableSnapshot {
  readonly table: Table;
  readonly files: readonly string[];
}

/** What the query process is asked. */
export type QueryRequest =
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly sql: string;
      readonly tables: readonly TableSnapshot[];
      /** The files that say which alert a match belongs to. */
      readonly linkFiles: readonly string[];
      readonly limits: QueryLimits;
    }
  | { readonly kind: 'interrupt'; readonly id: number };

/** What a query gave. Rows are JSON text, one array per piece, because text crosses the process border fastest. */
export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rowsJson: string;
  readonly truncated: boolean;
}

/** What the query process replies. */
export type QueryReply =
  | { readonly id: number; readonly answer: QueryAnswer }
  | { readonly id: number; readonly code: 'LAKE_QUERY_FAILED' | 'LAKE_NUMBER_TOO_LARGE'; readonly message: string };
