import type { Changes } from '../../model/state.ts';
import type { Table } from '../../model/table.ts';
import type { PackedRows } from './pack-rows.ts';

/** Rows for tables, and what else belongs into their commit. */
export interface EventsToWrite {
  /** Each table once. */
  readonly tables: readonly PackedTable[];
  readonly commit: Changes;
}

/** Rows of a table on their way into parts. */
export interface PackedTable {
  readonly table: Table;
  readonly rows: readonly PackedRows[];
}
