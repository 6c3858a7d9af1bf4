import type { Table } from '../../model/table.ts';
import type { EncodedRows } from './encode-rows.ts';
import type { PackedTable } from './events-to-write.ts';
import { packRows } from './pack-rows.ts';
import type { StateDatabase, Transaction, WaitingCount } from './state-database.ts';

/** The oldest of the rows that wait, as parts are made of them. */
export interface OldestRows {
  readonly batches: readonly PackedTable[];
  /** What to commit with the parts. */
  readonly flushed: NonNullable<Transaction['flushed']>;
  /** To be called when that is committed. */
  forget(): void;
}

/** The rows that wait in the state file: how many of which table, and the oldest of them. */
export class WaitingRows {
  readonly #state: Pick<StateDatabase, 'readWaiting'>;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #counts: Map<string, number>;

  constructor(
    state: Pick<StateDatabase, 'readWaiting'>,
    tables: ReadonlyMap<string, Table>,
    counts: readonly WaitingCount[],
  ) {
    this.#state = state;
    this.#tables = tables;
    this.#counts = new Map(counts.map(({ table, rowCount }) => [table, rowCount]));
  }

  /** The tables that have some. */
  tables(): readonly string[] {
    return [...this.#counts.keys()];
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Counts rows that were committed. */
  add(rows: readonly EncodedRows[]): void {
    for (const { table, rowCount } of rows) this.#counts.set(table, (this.#counts.get(table) ?? 0) + rowCount);
  }

  /** About so many bytes of the rows of tables; `undefined`: none waits. */
  async oldest(tables: readonly string[], maxBytes: number): Promise<OldestRows | undefined> {
    const names = tables.filter((name) => this.#counts.has(name) && this.#tables.has(name));
    const rows = names.length === 0 ? [] : await this.#state.readWaiting(names, maxBytes);
    if (rows.length === 0) return undefined;
    const flushed = new Map(rows.map(({ table, lastSequence }) => [table, lastSequence]));
    return {
      batches: packTables(this.#tables, rows),
      flushed: [...flushed].map(([table, lastSequence]) => ({ table, lastSequence })),
      forget: () => this.#forget(rows),
    };
  }

  #forget(rows: readonly EncodedRows[]): void {
    for (const { table, rowCount } of rows) {
      const left = (this.#counts.get(table) ?? 0) - rowCount;
      if (left > 0) this.#counts.set(table, left);
      else this.#counts.delete(table);
    }
  }
}

/** Packs rows, those of a table together. */
export function packTables(tables: ReadonlyMap<string, Table>, rows: readonly EncodedRows[]): readonly PackedTable[] {
  const names = [...new Set(rows.map(({ table }) => table))];
  return names.map((name) => {
    const table = tables.get(name) as Table;
    const ofTable = rows.filter((entry) => entry.table === name);
    return { table, rows: packRows(table, ofTable) };
  });
}
