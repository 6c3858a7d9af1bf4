import { quoteName } from '../../model/quote-sql.ts';
import type { Table } from '../../model/table.ts';
import { KnownKeys } from './known-keys.ts';
import type { LakeStore } from './lake-store.ts';
import { countRows, keepRows, keyOfRow, type PackedRows } from './pack-rows.ts';
import type { Part } from './part.ts';
import type { PartsAccess } from './parts-access.ts';
import { pieceRows } from './piece-rows.ts';
import { sequenceColumn } from './sql-text.ts';

/** Days, both ends included: `2026-01-31`. */
export interface DayRange {
  readonly from: string;
  /** @defaultValue all that follow */
  readonly to?: string | undefined;
}

/** What a rebuild did. */
export interface RebuiltRows {
  /** Rows that were written. */
  readonly rowCount: number;
  /** Rows of the days that were there before. */
  readonly replacedCount: number;
  /** Of those, the ones that came again in no form. */
  readonly goneCount: number;
  readonly days: readonly string[];
}

/**
 * New rows for days of a table, which take the place of all rows that were there, in one transaction:
 *
 *   add … add → lost (→ add what is lost, whatever its day) → swap
 *
 * Until the swap its parts are listed nowhere: whatever ends it leaves the table as it was. Rows that were filed
 * since it began stay.
 */
export class TableRebuild {
  readonly #table: Table;
  readonly #range: DayRange;
  readonly #firstNewSequence: number;
  readonly #store: Pick<LakeStore, 'maintain'>;
  readonly #maxKeyBytes: number;
  readonly #release: (() => void)[] = [];
  #knownKeys: KnownKeys | undefined;
  #parts: readonly Part[] = [];

  /** @param firstNewSequence - Rows with a lower sequence number are replaced. */
  constructor(options: {
    readonly table: Table;
    readonly range: DayRange;
    readonly firstNewSequence: number;
    readonly store: Pick<LakeStore, 'maintain'>;
    readonly maxKeyBytes: number;
  }) {
    this.#table = options.table;
    this.#range = options.range;
    this.#firstNewSequence = options.firstNewSequence;
    this.#store = options.store;
    this.#maxKeyBytes = options.maxKeyBytes;
  }

  /**
   * Writes rows aside; of those with the same key, the first.
   *
   * @param wanted - Of other days, the rows with these keys, too.
   * @returns How many rows were left out, being of other days.
   */
  async add(packed: readonly PackedRows[], wanted: ReadonlySet<string> = new Set()): Promise<number> {
    let outside = 0;
    const chosen = packed.map((rows) => {
      if (this.#holds(rows.day)) return rows;
      const kept = keepRows(rows, (row) => wanted.has(keyOfRow(rows, row, this.#table)));
      outside += countRows(rows) - countRows(kept);
      return kept;
    });
    for (const piece of pieceRows(chosen.filter((rows) => countRows(rows) > 0))) {
      await this.#store.maintain(async ({ writer, manifest }) => {
        this.#knownKeys ??= new KnownKeys(writer, this.#maxKeyBytes);
        const files = this.#parts.filter(({ day }) => day === piece[0]?.day).map(({ file }) => file);
        const part = await writer.write(this.#table, await this.#knownKeys.fresh(this.#table, piece, files));
        if (!part) return;
        this.#parts = [...this.#parts, part];
        this.#release.push(manifest.hold([part.file]));
      });
    }
    return outside;
  }

  /** The keys of rows that would be gone: of records that are refused now, or of events that move to another day. */
  async lost(): Promise<ReadonlySet<string>> {
    return this.#store.maintain(async ({ manifest, writer }) => {
      const old = manifest.of(this.#table.name).filter(({ day }) => this.#holds(day));
      if (old.length === 0) return new Set();
      const key = quoteName(this.#table.key);
      const isOld = `${sequenceColumn} < ${this.#firstNewSequence}`;
      const rows = await writer.read(`SELECT ${key} FROM ${writer.source(old)} WHERE ${isOld}${this.#without(writer)}`);
      return new Set(rows.map(([lost]) => String(lost)));
    });
  }

  /** Puts the new rows in the place of the old ones. */
  async swap(): Promise<RebuiltRows> {
    return this.#store.maintain(async ({ manifest, writer, publish, forgetKeys }) => {
      const counts = await this.#countOld({ manifest, writer });
      const replaced: Part[] = [];
      const added: Part[] = [...this.#parts];
      for (const part of await this.#touched({ manifest, writer })) {
        const newer = this.#holds(part.day) ? `${sequenceColumn} >= ${this.#firstNewSequence}` : 'true';
        const kept = `SELECT * FROM ${writer.source([part])} WHERE ${newer}${this.#without(writer)}`;
        const left = await writer.rewrite(this.#table, part, kept);
        if (left) added.push(left);
        replaced.push(part);
      }
      await publish(added, replaced, {});
      forgetKeys(this.#table);
      const rowCount = this.#parts.reduce((sum, part) => sum + part.rowCount, 0);
      const days = [...new Set(this.#parts.map(({ day }) => day))].sort();
      this.#parts = [];
      return { rowCount, ...counts, days };
    });
  }

  /** Ends it; what was not swapped is removed. */
  async close(): Promise<void> {
    for (const release of this.#release.splice(0)) release();
    await this.#store.maintain(({ discard }) => discard(this.#parts));
    this.#parts = [];
  }

  #holds(day: string): boolean {
    return day >= this.#range.from && (this.#range.to === undefined || day <= this.#range.to);
  }

  /** A condition for rows that the rebuild has not. */
  #without(writer: PartsAccess['writer']): string {
    if (this.#parts.length === 0) return '';
    const key = quoteName(this.#table.key);
    return ` AND ${key} NOT IN (SELECT ${key} FROM ${writer.source(this.#parts)})`;
  }

  /** The parts of the days, and those of other days with a row that moved into one of them. */
  async #touched({ manifest, writer }: Pick<PartsAccess, 'manifest' | 'writer'>): Promise<readonly Part[]> {
    const all = manifest.of(this.#table.name);
    const inside = all.filter(({ day }) => this.#holds(day));
    const outside = all.filter(({ day }) => !this.#holds(day));
    if (outside.length === 0 || this.#parts.length === 0) return inside;
    const key = quoteName(this.#table.key);
    const moved = await writer.read(
      `SELECT DISTINCT filename FROM ${writer.source(outside, ['filename = true'])} WHERE ${key} IN (SELECT ${key} FROM ${writer.source(this.#parts)})`,
    );
    const files = moved.map(([file]) => String(file));
    return [...inside, ...outside.filter(({ file }) => files.some((path) => path.endsWith(file)))];
  }

  async #countOld({ manifest, writer }: Pick<PartsAccess, 'manifest' | 'writer'>) {
    const old = manifest.of(this.#table.name).filter(({ day }) => this.#holds(day));
    if (old.length === 0) return { replacedCount: 0, goneCount: 0 };
    const isOld = `FROM ${writer.source(old)} WHERE ${sequenceColumn} < ${this.#firstNewSequence}`;
    const [[total] = []] = await writer.read(`SELECT count(*) ${isOld}`);
    const [[gone] = []] = await writer.read(`SELECT count(*) ${isOld}${this.#without(writer)}`);
    return { replacedCount: Number(total), goneCount: Number(gone) };
  }
}
