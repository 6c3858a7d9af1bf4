import type { Row, Table } from '../../model/table.ts';
import { encodeRow } from './encode-row.ts';
import { hashKey } from './key-hash.ts';
import type { PackedRows } from './pack-rows.ts';

/** Rows of one day, while they are packed. */
interface OpenPack {
  bytes: Buffer<ArrayBuffer>;
  length: number;
  readonly offsets: number[];
  readonly hashes: number[];
  lastSequence: number;
}

/** What a pack may have in bytes before another one begins: far from what trouble DuckDB's memory. */
const maxPackBytes = 4 * 1024 * 1024;
const firstPackBytes = 64 * 1024;
const maxBytesPerUnit = 3;

/**
 * Packs rows of one table as they come. Each is written out at once: thousands of them as objects, alive together,
 * would keep the garbage collector busier than everything else.
 */
export class RowPacker {
  readonly #table: Table;
  readonly #nextSequence: () => number;
  /** Of each day, in order. */
  readonly #packs = new Map<string, OpenPack[]>();
  readonly #hash = new Uint32Array(2);

  /** @param nextSequence - Gives each row its number. */
  constructor(table: Table, nextSequence: () => number) {
    this.#table = table;
    this.#nextSequence = nextSequence;
  }

  /** @throws LAKE_ROW_INVALID when a value does not fit its column, or there is no such column. */
  add(row: Row): void {
    const sequence = this.#nextSequence();
    const { day, line } = encodeRow(this.#table, row, sequence);
    const pack = this.#packFor(day, line.length * maxBytesPerUnit);
    pack.offsets.push(pack.length);
    pack.length += pack.bytes.write(line, pack.length);
    hashKey(String(row[this.#table.key]), this.#hash, 0);
    pack.hashes.push(this.#hash[0] as number, this.#hash[1] as number);
    pack.lastSequence = sequence;
  }

  /** All rows so far: of each day one entry, or several of about 4 MiB, in order. */
  finish(): readonly PackedRows[] {
    return [...this.#packs].flatMap(([day, packs]) =>
      packs.map(({ bytes, length, offsets, hashes, lastSequence }) => ({
        day,
        bytes: new Uint8Array(bytes.buffer, 0, length),
        offsets: Uint32Array.from([...offsets, length]),
        hashes: Uint32Array.from(hashes),
        lastSequence,
      })),
    );
  }

  /** The pack that the next row of a day goes to, with room for it. */
  #packFor(day: string, maxBytes: number): OpenPack {
    const packs = this.#packs.get(day) ?? [];
    if (packs.length === 0) this.#packs.set(day, packs);
    let last = packs.at(-1);
    if (!last || last.length + maxBytes > maxPackBytes) {
      last = { bytes: Buffer.allocUnsafeSlow(firstPackBytes), length: 0, offsets: [], hashes: [], lastSequence: 0 };
      packs.push(last);
    }
    const needed = last.length + maxBytes;
    if (needed > last.bytes.length) {
      // Memory that is never written to costs nothing.
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, maxPackBytes));
      last.bytes.copy(grown, 0, 0, last.length);
      last.bytes = grown;
    }
    return last;
  }
}
