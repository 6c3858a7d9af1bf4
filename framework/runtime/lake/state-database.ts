import { type DuckDBInstance, type DuckDBValue, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { expectValue } from '../../model/expect-value.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { Changes, Space, StateEntry } from '../../model/state.ts';
import type { EncodedRows } from './encode-rows.ts';
import { openStateFile, type StateFile } from './open-state-file.ts';
import { SerialQueue } from './serial-queue.ts';
import { StateSnapshot } from './state-snapshot.ts';
import {
  countWaiting,
  createState,
  createWaiting,
  deleteValues,
  deleteWaiting,
  idLists,
  insertWaiting,
  listValues,
  readWaiting,
  selectValues,
  upsertValues,
} from './state-statements.ts';
import { type Bound, StatementCache } from './statement-cache.ts';
import { writeFailed } from './write-failed.ts';

/** What one transaction does: state, rows that wait, and rows that wait no more because they are in parts. */
export interface Transaction extends Omit<Changes, 'rows'> {
  readonly waiting?: readonly EncodedRows[];
  readonly flushed?: readonly { readonly table: string; readonly lastSequence: number }[];
}

/** How many rows of a table wait. */
export interface WaitingCount {
  readonly table: string;
  readonly rowCount: number;
  readonly lastSequence: number;
}

/** The state file: values by space and key, and rows that wait to become parts. */
export class StateDatabase {
  readonly #file: StateFile;
  readonly #reads: StatementCache;
  readonly #writes: StatementCache;
  readonly #readQueue = new SerialQueue();
  readonly #writeQueue = new SerialQueue();
  readonly #snapshots = new Set<StateSnapshot>();

  private constructor(file: StateFile, reads: StatementCache, writes: StatementCache) {
    this.#file = file;
    this.#reads = reads;
    this.#writes = writes;
  }

  /** @throws LAKE_LOCKED, LAKE_OPEN_FAILED */
  static async open(path: string): Promise<StateDatabase> {
    const file = await openStateFile(path);
    const writes = await connect(file.instance);
    await writes.run(createState);
    await writes.run(createWaiting);
    return new StateDatabase(file, await connect(file.instance), writes);
  }

  async get<T>(space: Space, key: string): Promise<T | undefined> {
    return (await this.getMany<T>(space, [key])).get(key);
  }

  async getMany<T>(space: Space, keys: readonly string[]): Promise<ReadonlyMap<string, T>> {
    const values = await this.#readQueue.run(() =>
      readValues(
        this.#reads,
        keys.map((key) => idOf(space, key)),
      ),
    );
    const found = new Map<string, T>();
    for (const key of keys) {
      const value = values.get(idOf(space, key));
      if (value !== undefined) found.set(key, JSON.parse(value) as T);
    }
    return found;
  }

  async list<T>(
    space: Space,
    options: { readonly prefix?: string; readonly limit?: number } = {},
  ): Promise<readonly StateEntry<T>[]> {
    const limit = BigInt(Math.min(options.limit ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
    const rows = await this.#readQueue.run(() =>
      this.#reads.run(listValues, [idOf(space, options.prefix ?? ''), limit]),
    );
    return rows.map(({ id, value }) => ({
      key: String(id).slice(space.length + 1),
      value: JSON.parse(String(value)) as T,
    }));
  }

  async countWaiting(): Promise<readonly WaitingCount[]> {
    const rows = await this.#readQueue.run(() => this.#reads.run(countWaiting));
    return rows.map((row) => ({
      table: String(row.table_name),
      rowCount: Number(row.row_count),
      lastSequence: Number(row.last_sequence),
    }));
  }

  /** The oldest, in the order they were committed, until there are about `maxBytes` of text; `[]`: none waits. */
  async readWaiting(tables: readonly string[], maxBytes: number): Promise<readonly EncodedRows[]> {
    const rows = await this.#readQueue.run(() => this.#reads.run(readWaiting, [texts(tables), BigInt(maxBytes)]));
    return rows.map((row) => ({
      table: String(row.table_name),
      day: String(row.day),
      lines: String(row.lines),
      rowCount: Number(row.row_count),
      lastSequence: Number(row.last_sequence),
    }));
  }

  /**
   * All of it, durably, or nothing. One at a time, in the order of the calls.
   *
   * @throws STATE_CONFLICT, LAKE_WRITE_FAILED
   */
  transact(transaction: Transaction): Promise<void> {
    return this.#writeQueue.run(async () => {
      await this.#writes.run('BEGIN TRANSACTION');
      try {
        await apply(this.#writes, transaction);
        await this.#writes.run('COMMIT');
      } catch (error) {
        await this.#writes.run('ROLLBACK').catch(() => undefined); // a failed COMMIT has ended it already
        throw error instanceof MargayError ? error : writeFailed('A transaction could not be committed', error);
      }
    });
  }

  /** What was committed before the call, to be read while commits go on. The caller closes it. */
  async snapshot(): Promise<StateSnapshot> {
    const snapshot = await StateSnapshot.open(this.#file.instance, (closed) => this.#snapshots.delete(closed));
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  /** Waits for what was begun, then closes the file; DuckDB writes its checkpoint. */
  async close(): Promise<void> {
    await this.#writeQueue.idle();
    await this.#readQueue.idle();
    for (const snapshot of this.#snapshots) await snapshot.close();
    this.#reads.close();
    this.#writes.close();
    this.#file.close();
  }
}

async function connect(instance: DuckDBInstance): Promise<StatementCache> {
  return new StatementCache(await instance.connect());
}

async function apply(writes: StatementCache, transaction: Transaction): Promise<void> {
  const { expect = [], remove = [], put = [], waiting = [], flushed = [] } = transaction;
  const held = await readValues(
    writes,
    expect.map(({ space, key }) => idOf(space, key)),
  );
  for (const { space, key, value } of expect) {
    const text = held.get(idOf(space, key));
    expectValue(space, key, text === undefined ? undefined : JSON.parse(text), value);
  }
  const values = new Map(put.map(({ space, key, value }) => [idOf(space, key), JSON.stringify(value ?? null)]));
  const removed = remove.map(({ space, key }) => idOf(space, key)).filter((id) => !values.has(id));
  for (const list of idLists(removed)) await writes.run(deleteValues(list.length), list);
  if (values.size > 0) await writes.run(upsertValues, [texts([...values.keys()]), texts([...values.values()])]);
  for (const records of inPieces(waiting))
    await writes.run(insertWaiting(records.length), records.flatMap(waitingValues));
  for (const { table, lastSequence } of flushed) await writes.run(deleteWaiting, [table, BigInt(lastSequence)]);
}

async function readValues(statements: StatementCache, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const list of idLists([...new Set(ids)])) {
    for (const { id, value } of await statements.run(selectValues(list.length), list))
      values.set(String(id), String(value));
  }
  return values;
}

/** Keys may come from logs: half a character has no place in UTF-8. */
function idOf(space: Space, key: string): string {
  return `${space}/${key.replaceAll(/\p{Surrogate}/gu, '\ufffd')}`;
}

/** Pieces of 16 and of 1, so that two statements do for any number. */
function inPieces(waiting: readonly EncodedRows[]): readonly (readonly EncodedRows[])[] {
  const whole = Math.floor(waiting.length / 16);
  const pieces = Array.from({ length: whole }, (_, index) => waiting.slice(index * 16, index * 16 + 16));
  return [...pieces, ...waiting.slice(whole * 16).map((record) => [record])];
}

function waitingValues({ lastSequence, table, day, rowCount, lines }: EncodedRows): readonly Bound[] {
  return [BigInt(lastSequence), table, day, BigInt(rowCount), lines];
}

function texts(values: readonly string[]): Bound {
  return { value: listValue(values as DuckDBValue[]), type: LIST(VARCHAR) };
}
