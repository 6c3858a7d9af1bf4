import type { Clock } from '../../model/clock.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { ReadBoundsByTable } from '../../model/read-bounds.ts';
import { matchAlertsTable } from '../../model/standard-tables.ts';
import type { Changes } from '../../model/state.ts';
import type { Table } from '../../model/table.ts';
import { type EncodedRows, encodeRows } from './encode-rows.ts';
import type { EventsToWrite, PackedTable } from './events-to-write.ts';
import { KnownKeys } from './known-keys.ts';
import { type Lease, Manifest } from './manifest.ts';
import type { PackedRows } from './pack-rows.ts';
import { filesOf, type Part } from './part.ts';
import { checkParts, clearDrafts, removeFiles, removeOrphans } from './part-files.ts';
import { PartMerger } from './part-merger.ts';
import { PartWriter } from './part-writer.ts';
import type { PartsAccess } from './parts-access.ts';
import { maxPieceLength, pieceRows } from './piece-rows.ts';
import { SerialQueue } from './serial-queue.ts';
import { StateDatabase, type Transaction, type WaitingCount } from './state-database.ts';
import type { StateSnapshot } from './state-snapshot.ts';
import { packTables, WaitingRows } from './waiting-rows.ts';
import { widenTable } from './widen-table.ts';
import { writeFailed } from './write-failed.ts';

export interface LakeStoreOptions {
  /** Absolute. */
  readonly directory: string;
  /** Path of the state file. */
  readonly stateFile: string;
  readonly clock: Clock;
  readonly tables: readonly Table[];
  /** Hears of work in the background that failed; it is tried again with the next part. */
  readonly onError: (error: unknown) => void;
  /** Memory for what is known of stored keys. */
  readonly maxKeyBytes: number;
}

/** More waiting rows than this are flushed without waiting for a query. */
const maxWaitingRows = 5_000;

/** A commit with more text than this does not wait in the state file: a transaction of DuckDB has to fit in memory. */
const maxWaitingLength = 32 * 1024 * 1024;

/**
 * Rows on their way into parts:
 *
 *   committed with state → waiting in the state file → flush → parts, listed in the manifest
 *   the same, but very many → parts at once, listed in the commit
 *   events of a log range → parts at once, listed in one commit with the consumer's position
 *
 * What writes parts runs one at a time; commits of state go on meanwhile, and parts are merged beside it.
 */
export class LakeStore {
  readonly state: StateDatabase;
  readonly #options: LakeStoreOptions;
  readonly #tables: Map<string, Table>;
  readonly #manifest: Manifest;
  readonly #writer: PartWriter;
  readonly #knownKeys: KnownKeys;
  readonly #waiting: WaitingRows;
  readonly #queue = new SerialQueue();
  readonly #merger: PartMerger;
  #sequence: number;
  #isClosing = false;

  private constructor(
    options: LakeStoreOptions,
    state: StateDatabase,
    writer: PartWriter,
    parts: readonly Part[],
    waiting: readonly WaitingCount[],
    sequence: number,
  ) {
    this.#options = options;
    this.#tables = new Map([...options.tables, matchAlertsTable].map((table) => [table.name, table]));
    this.state = state;
    this.#writer = writer;
    this.#knownKeys = new KnownKeys(writer, options.maxKeyBytes);
    this.#manifest = new Manifest(parts, (files) => {
      this.#inBackground(() => removeFiles(options.directory, files));
    });
    this.#merger = new PartMerger({
      directory: options.directory,
      manifest: this.#manifest,
      tableOf: (name) => this.#tables.get(name),
      alone: (work) => this.#queue.run(work),
      publish: (added, removed) => this.#list(added, removed, {}),
      onError: options.onError,
    });
    this.#waiting = new WaitingRows(state, this.#tables, waiting);
    this.#sequence = sequence;
  }

  /** @throws LAKE_LOCKED, LAKE_OPEN_FAILED, LAKE_PART_MISSING */
  static async open(options: LakeStoreOptions): Promise<LakeStore> {
    const state = await StateDatabase.open(options.stateFile);
    try {
      const parts = (await state.list<Part>('part')).map(({ value }) => value);
      const waiting = await state.countWaiting();
      await checkParts(options.directory, parts);
      await clearDrafts(options.directory);
      const sequences = [...parts, ...waiting].map(({ lastSequence }) => lastSequence);
      const writer = await PartWriter.open(options.directory);
      const sequence = sequences.reduce((last, next) => Math.max(last, next), 0);
      const store = new LakeStore(options, state, writer, parts, waiting, sequence);
      await store.sweep();
      for (const name of store.#tables.keys()) store.#merger.askWhereDue(name);
      return store;
    } catch (error) {
      await state.close();
      throw error;
    }
  }

  /** Makes tables known; those that are known already only get wider. */
  registerTables(tables: readonly Table[]): void {
    for (const table of tables) {
      this.#tables.set(table.name, widenTable(table, this.#tables.get(table.name)));
      this.#merger.askWhereDue(table.name);
    }
  }

  /** @throws STATE_CONFLICT, LAKE_ROW_INVALID, LAKE_TABLE_UNKNOWN, LAKE_WRITE_FAILED */
  async commit(changes: Changes): Promise<void> {
    const rows = this.#encode(changes.rows ?? []);
    const length = rows.reduce((sum, { lines }) => sum + lines.length, 0);
    if (length > maxWaitingLength) {
      await this.#writeAtOnce(packTables(this.#tables, rows), changes);
      return;
    }
    await this.state.transact({ ...changes, waiting: rows });
    this.#waiting.add(rows);
    if (this.#waiting.total() > maxWaitingRows && !this.#isClosing)
      this.#inBackground(() => this.#flush(this.#waiting.tables()));
  }

  async writeEvents({ tables, commit }: EventsToWrite): Promise<{ readonly storedCount: number }> {
    const waiting = this.#encode(commit.rows ?? []);
    this.registerTables(tables.map(({ table }) => table));
    const parts = await this.#writeAtOnce(tables, { ...commit, waiting });
    return { storedCount: parts.reduce((sum, { rowCount }) => sum + rowCount, 0) };
  }

  /** The first of so many sequence numbers that nobody else gets. */
  reserveSequences(count: number): number {
    const first = this.#sequence + 1;
    this.#sequence += count;
    return first;
  }

  /** Writes rows as parts without a wait, listed in one transaction with what belongs to them. */
  #writeAtOnce(batches: readonly PackedTable[], transaction: Transaction): Promise<readonly Part[]> {
    return this.#queue.run(async () => {
      await this.#flush(batches.map(({ table }) => table.name));
      const parts = await this.#writeParts(batches);
      await this.#publish(parts, [], transaction);
      this.#waiting.add(transaction.waiting ?? []);
      return parts;
    });
  }

  /** Makes parts of the rows that wait. @param tables - Absent: of all tables. */
  async flush(tables: readonly string[] = this.#waiting.tables()): Promise<void> {
    if (this.#waiting.tables().some((table) => tables.includes(table)))
      await this.#queue.run(() => this.#flush(tables));
  }

  /** One version of tables, with every row that was committed before the call and lies within bounds. */
  async snapshot(tables: readonly Table[], bounds: ReadBoundsByTable = new Map()): Promise<Lease> {
    const names = tables.map(({ name }) => name);
    this.registerTables(tables);
    await this.flush(names);
    return this.#manifest.lease(tables, bounds);
  }

  /** State and parts as they are now, one agreeing with the other; both go on changing meanwhile. */
  freeze(): Promise<{ readonly state: StateSnapshot; readonly lease: Lease }> {
    return this.#queue.run(async () => ({ state: await this.state.snapshot(), lease: this.#manifest.leaseAll() }));
  }

  /** Waits for merges that are due, and deletes files that no manifest entry names and nobody reads. */
  async sweep(): Promise<void> {
    await this.#merger.idle();
    await this.#queue.run(() => removeOrphans(this.#options.directory, (file) => this.#manifest.needs(file)));
  }

  /** Does maintenance of parts between other work that writes some. */
  maintain<T>(work: (access: PartsAccess) => Promise<T>): Promise<T> {
    const access: PartsAccess = {
      manifest: this.#manifest,
      writer: this.#writer,
      publish: (...change) => this.#publish(...change),
      discard: (parts) => removeFiles(this.#options.directory, filesOf(parts)),
      forgetKeys: (table) => this.#knownKeys.forget(table),
    };
    return this.#queue.run(() => work(access));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#merger.close();
    await this.#queue.idle();
    this.#writer.close();
    await this.state.close();
  }

  #encode(rows: NonNullable<Changes['rows']>): readonly EncodedRows[] {
    const linked_at = new Date(this.#options.clock.now()).toISOString();
    return rows.flatMap(({ table: name, rows: ofTable }) => {
      const table = this.#tables.get(name);
      if (!table) {
        throw new MargayError(
          'LAKE_TABLE_UNKNOWN',
          `There is no table '${name}'. Known: ${[...this.#tables.keys()].sort().join(', ')}.`,
        );
      }
      const filled = table === matchAlertsTable ? ofTable.map((row) => ({ ...row, linked_at })) : ofTable;
      return encodeRows(table, filled, () => this.reserveSequences(1));
    });
  }

  async #flush(tables: readonly string[]): Promise<void> {
    for (;;) {
      const oldest = await this.#waiting.oldest(tables, maxPieceLength);
      if (!oldest) return;
      await this.#publish(await this.#writeParts(oldest.batches), [], { flushed: oldest.flushed });
      oldest.forget();
    }
  }

  async #writeParts(batches: readonly PackedTable[]): Promise<readonly Part[]> {
    const parts: Part[] = [];
    try {
      for (const { table, rows } of batches) {
        for (const piece of pieceRows(rows)) {
          const part = await this.#writer.write(table, await this.#freshRows(table, piece, parts));
          if (part) parts.push(part);
        }
      }
    } catch (error) {
      throw writeFailed('A part could not be written', error);
    }
    return parts;
  }

  /** The rows of a day that are not stored yet, neither in a listed part nor in one that is about to be. */
  async #freshRows(
    table: Table,
    rows: readonly PackedRows[],
    pending: readonly Part[],
  ): Promise<readonly PackedRows[]> {
    const day = rows[0]?.day;
    if (table.replaces || day === undefined) return rows;
    const ofDay = pending.filter((part) => part.table === table.name && part.day === day);
    const files = [...this.#manifest.of(table.name, day), ...ofDay].map(({ file }) => file);
    return this.#knownKeys.fresh(table, rows, files);
  }

  /** As {@link #list}; days with many parts are merged then. */
  async #publish(added: readonly Part[], removed: readonly Part[], transaction: Transaction): Promise<void> {
    await this.#list(added, removed, transaction);
    for (const { table, day } of added) this.#merger.ask(table, day);
  }

  /** Lists new parts and unlists replaced ones, in one transaction with what belongs to them. */
  async #list(added: readonly Part[], removed: readonly Part[], transaction: Transaction): Promise<void> {
    const put = added.map((part) => ({ space: 'part', key: part.file, value: part }) as const);
    const remove = removed.map(({ file }) => ({ space: 'part', key: file }) as const);
    try {
      await this.state.transact({
        ...transaction,
        put: [...(transaction.put ?? []), ...put],
        remove: [...(transaction.remove ?? []), ...remove],
      });
    } catch (error) {
      await removeFiles(this.#options.directory, filesOf(added));
      throw error;
    }
    this.#manifest.replace(added, removed);
  }

  #inBackground(work: () => Promise<void>): void {
    this.#queue.run(work).catch(this.#options.onError);
  }
}
