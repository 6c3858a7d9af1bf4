import type { Table } from '../../model/table.ts';
import { KeyFilter } from './key-filter.ts';
import { countRows, keepRows, keyOfRow, type PackedRows } from './pack-rows.ts';

/** What reads the keys of parts. */
export interface PartKeys {
  /** Gives the hashes of all keys, in pieces: two numbers for each. */
  hashes(table: Table, files: readonly string[]): AsyncIterable<Uint32Array>;
  /** Which of these keys there are. */
  find(table: Table, files: readonly string[], keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * Knows which rows are stored already, at a cost that does not grow with the day: a filter of the keys of each table
 * and day says for nearly every row that it is new, and only the others are looked up in the parts. Filters are made
 * from the parts when their day is first written to, and the one that was not used for longest goes when there are
 * too many. A day that is too large for memory by itself has none: every row is looked up.
 */
export class KnownKeys {
  readonly #parts: PartKeys;
  readonly #maxBytes: number;
  /** By table and day, the one that was used last at the end. */
  readonly #filters = new Map<string, KeyFilter>();
  readonly #tooLarge = new Set<string>();

  constructor(parts: PartKeys, maxBytes: number) {
    this.#parts = parts;
    this.#maxBytes = maxBytes;
  }

  /**
   * The rows of a table and day that are not stored yet; of those with the same key, the first.
   *
   * @param files - The parts with rows of that day.
   */
  async fresh(table: Table, packed: readonly PackedRows[], files: readonly string[]): Promise<readonly PackedRows[]> {
    const [first] = packed;
    if (!first) return [];
    const filter = await this.#filterOf(table, first.day, files);
    const suspects = packed.map((rows) => suspectsOf(rows, filter));
    this.#makeRoom();
    if (suspects.every((rows) => rows.length === 0)) return packed;
    const keys = new Set<string>();
    for (const [index, rows] of suspects.entries())
      for (const row of rows) keys.add(keyOfRow(packed[index] as PackedRows, row, table));
    const seen = new Set(files.length === 0 ? [] : await this.#parts.find(table, files, [...keys]));
    const prints = printsOf(packed, suspects);
    return packed.map((rows) =>
      keepRows(rows, (row) => {
        if (!prints.has(printOf(rows, row))) return true;
        const key = keyOfRow(rows, row, table);
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      }),
    );
  }

  /** The next write to a day of the table makes its filter from the parts again. */
  forget(table: Table): void {
    for (const name of [...this.#filters.keys()]) if (name.startsWith(`${table.name}/`)) this.#filters.delete(name);
  }

  async #filterOf(table: Table, day: string, files: readonly string[]): Promise<KeyFilter | undefined> {
    const name = `${table.name}/${day}`;
    const known = this.#filters.get(name);
    if (known) {
      this.#filters.delete(name);
      this.#filters.set(name, known);
      return known;
    }
    if (this.#tooLarge.has(name)) return undefined;
    const filter = new KeyFilter();
    if (files.length > 0) {
      for await (const hashes of this.#parts.hashes(table, files)) {
        for (let at = 0; at < hashes.length; at += 2) filter.add(hashes[at] as number, hashes[at + 1] as number);
        if (filter.bytes > this.#maxBytes) return this.#giveUp(name);
      }
    }
    this.#filters.set(name, filter);
    return filter;
  }

  #giveUp(name: string): undefined {
    this.#filters.delete(name);
    this.#tooLarge.add(name);
  }

  #makeRoom(): void {
    let bytes = 0;
    for (const filter of this.#filters.values()) bytes += filter.bytes;
    for (const [name, filter] of this.#filters) {
      if (bytes <= this.#maxBytes) return;
      if (filter.bytes > this.#maxBytes) this.#giveUp(name);
      else this.#filters.delete(name);
      bytes -= filter.bytes;
    }
  }
}

/** The rows that may be stored already. The others are known from here on: should they not be stored, they are looked up next time. */
function suspectsOf(packed: PackedRows, filter: KeyFilter | undefined): readonly number[] {
  const suspects: number[] = [];
  const { hashes } = packed;
  for (let row = 0; row < countRows(packed); row++) {
    const [place, print] = [hashes[row * 2] as number, hashes[row * 2 + 1] as number];
    if (!filter || filter.has(place, print)) suspects.push(row);
    else filter.add(place, print);
  }
  return suspects;
}

/** The hashes of the suspects: the first row of a repeated key is none of them, but has the same hash. */
function printsOf(packed: readonly PackedRows[], suspects: readonly (readonly number[])[]): ReadonlySet<string> {
  return new Set(suspects.flatMap((rows, index) => rows.map((row) => printOf(packed[index] as PackedRows, row))));
}

function printOf({ hashes }: PackedRows, row: number): string {
  return `${hashes[row * 2]} ${hashes[row * 2 + 1]}`;
}
