import type { Column, Table } from './table.ts';

/** Rows that content keeps for queries to join with: owners, sensitive accounts, known networks. */
export interface Lookup {
  /** The path below `lookups/`, without the ending. */
  readonly id: string;
  /** The SQL table: {@link tableOfLookup} of the id. */
  readonly table: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** The column that names a row: never NULL, and no two rows have the same. */
  readonly key: string;
  /** A list of values a row, in the order of the columns; sorted by key, so that a file in another order is the same lookup. */
  readonly rows: readonly (readonly unknown[])[];
}

/** The SQL table of a lookup: lower snake case, `okta/sensitive-accounts` as `okta_sensitive_accounts`. */
export function tableOfLookup(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}

/** A lookup as a table that brings its rows along. */
export function lookupTable({ table, description, columns, key, rows }: Lookup): Table {
  const names = columns.map(({ name }) => name);
  return {
    ...{ name: table, description, columns, key, replaces: false, time: '' },
    rows: rows.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))),
  };
}
