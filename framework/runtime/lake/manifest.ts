import type { ReadBoundsByTable } from '../../model/read-bounds.ts';
import type { Table } from '../../model/table.ts';
import { isWithin } from './is-within.ts';
import type { Part } from './part.ts';

/** Parts that a query reads. They are not deleted before `release`. */
export interface Lease {
  /** By table. */
  readonly parts: ReadonlyMap<string, readonly Part[]>;
  release(): void;
}

/** The parts there are, as committed, and who reads them. */
export class Manifest {
  readonly #parts = new Map<string, Part>();
  readonly #readers = new Map<string, number>();
  readonly #retired = new Set<string>();
  readonly #onUnused: (files: readonly string[]) => void;

  /** @param onUnused - Gets files that were replaced and are no longer read. */
  constructor(parts: readonly Part[], onUnused: (files: readonly string[]) => void) {
    this.#onUnused = onUnused;
    for (const part of parts) this.#parts.set(part.file, part);
  }

  /** What a committed transaction changed. */
  replace(added: readonly Part[], removed: readonly Part[]): void {
    for (const part of added) this.#parts.set(part.file, part);
    for (const { file } of removed) {
      this.#parts.delete(file);
      this.#retired.add(file);
    }
    this.#dropUnused(removed.map(({ file }) => file));
  }

  /** The parts of a table, or of one day of it, oldest rows first. */
  of(table: string, day?: string): readonly Part[] {
    return [...this.#parts.values()]
      .filter((part) => part.table === table && (day === undefined || part.day === day))
      .sort((a, b) => a.lastSequence - b.lastSequence);
  }

  /** One version of the tables, for as long as the lease is held: parts that may hold rows within the bounds. */
  lease(tables: readonly Table[], bounds: ReadBoundsByTable): Lease {
    const within = (table: Table): readonly Part[] =>
      this.of(table.name).filter((part) => isWithin(part, table, bounds.get(table.name) ?? {}));
    return this.#hold(new Map(tables.map((table) => [table.name, within(table)])));
  }

  /** Every part there is, for as long as the lease is held. */
  leaseAll(): Lease {
    const tables = new Set([...this.#parts.values()].map(({ table }) => table));
    return this.#hold(new Map([...tables].map((table) => [table, this.of(table)])));
  }

  #hold(parts: Lease['parts']): Lease {
    const all = [...new Set([...parts.values()].flat().map(({ file }) => file))];
    return { parts, release: this.hold(all) };
  }

  /** Keeps files that are no parts yet from being swept. @returns What lets them go. */
  hold(files: readonly string[]): () => void {
    for (const file of files) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    return () => {
      for (const file of files) {
        const readers = (this.#readers.get(file) ?? 1) - 1;
        if (readers === 0) this.#readers.delete(file);
        else this.#readers.set(file, readers);
      }
      this.#dropUnused(files);
    };
  }

  /** Whether a file is a part. */
  lists(file: string): boolean {
    return this.#parts.has(file);
  }

  /** Whether a file is a part, or still read. */
  needs(file: string): boolean {
    return this.#parts.has(file) || this.#readers.has(file);
  }

  all(): readonly Part[] {
    return [...this.#parts.values()];
  }

  #dropUnused(files: readonly string[]): void {
    const unused = files.filter((file) => this.#retired.has(file) && !this.#readers.has(file));
    for (const file of unused) this.#retired.delete(file);
    if (unused.length > 0) this.#onUnused(unused);
  }
}
