import { mkdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import type { Expired, Lake } from '../../model/lake.ts';
import { MargayError } from '../../model/margay-error.ts';
import { standardTables } from '../../model/standard-tables.ts';
import type { State } from '../../model/state.ts';
import type { Table } from '../../model/table.ts';
import { workFailure } from './database-failure.ts';
import type { EventsToWrite } from './events-to-write.ts';
import { expireParts } from './expire-parts.ts';
import { type FrozenLake, freezeLake } from './freeze-lake.ts';
import { LakeStore } from './lake-store.ts';
import { QueryLanes } from './query-lanes.ts';
import { queryLake, readLake } from './read-lake.ts';
import { type DayRange, TableRebuild } from './table-rebuild.ts';

/** Where a lake lives. */
export interface LakeOptions {
  /** Made when it does not exist. Only one runtime at a time may have it open. */
  readonly directory: string;
  readonly clock: Clock;
  /** Hears of work in the background that failed; nothing is lost, it is tried again. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /**
   * Memory for the keys of stored rows, about seven bytes for each; what does not fit is looked up in the parts.
   *
   * @defaultValue a sixteenth of the machine's memory, at most 1 GiB
   */
  readonly maxKeyBytes?: number | undefined;
}

/** An open lake: the writer's state, and the tables that SQL reads. */
export interface OpenLake {
  /**
   * One transaction per commit, durable when it resolves. Its `rows` go to the standard tables, to tables known
   * by {@link OpenLake.registerTables}, and to `match_alerts` (`match_id, alert_id`): the alert of a match that
   * was recorded before it, which SQL sees as `rule_matches.p_alert_id`.
   */
  readonly state: State;
  /** Sees every row whose commit resolved before the call. */
  readonly lake: Lake;
  /** Makes the tables of log types known. A table that is known already may get wider. */
  registerTables(tables: readonly Table[]): void;
  /**
   * Writes the events of a log range as Parquet and lists them in one transaction with `commit`, which holds
   * the consumer's new position. The rows were encoded and packed by {@link packRows}, in whatever thread. Those
   * whose key is stored already are dropped.
   *
   * @returns How many rows were new.
   * @throws STATE_CONFLICT, LAKE_WRITE_FAILED; nothing is stored then.
   */
  writeEvents(events: EventsToWrite): Promise<{ readonly storedCount: number }>;
  /** The first of so many sequence numbers, for rows that are encoded. What is not used stays a gap. */
  reserveSequences(count: number): number;
  /** State and parts as they are now, to be copied while everything goes on. */
  freeze(): Promise<FrozenLake>;
  /** Makes Parquet of all rows that wait. Queries do it by themselves. */
  flush(): Promise<void>;
  /**
   * Removes what is wholly older than its table's rows are kept, a day at a time; files that a query reads go after it.
   *
   * @param keptMs - By table. Rows of tables that are not named are kept for ever.
   * @returns What was removed, by table. State space 'expired' holds the sums.
   */
  expire(keptMs: ReadonlyMap<string, number>): Promise<readonly Expired[]>;
  /** Begins to put new rows in the place of those of some days of an event table; rows filed from now on stay. */
  rebuild(table: Table, range: DayRange): TableRebuild;
  /** Deletes files that belong to no part. Done at opening, too. */
  sweep(): Promise<void>;
  /** Finishes what was begun, ends the query processes and frees the directory. */
  close(): Promise<void>;
}

/**
 * Opens the lake in a directory.
 *
 * @throws LAKE_LOCKED when another runtime, or this process, has it open.
 * @throws LAKE_OPEN_FAILED when the state file can't be read.
 * @throws LAKE_PART_MISSING when a Parquet file is gone.
 */
export async function openLake(options: LakeOptions): Promise<OpenLake> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const maxKeyBytes = options.maxKeyBytes ?? Math.min(totalmem() / 16, 1024 ** 3);
  const store = await LakeStore.open({
    directory,
    stateFile: join(directory, 'state.duckdb'),
    clock: options.clock,
    tables: standardTables,
    onError: (error) => options.onError?.(backgroundError(error)),
    maxKeyBytes,
  });
  const lanes = new QueryLanes();
  const reading = { directory, store, lanes };
  let closing: Promise<void> | undefined;
  const requireOpen = (): void => {
    if (closing) throw new MargayError('LAKE_CLOSED', 'The lake is closed.');
  };
  const whileOpen = <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      requireOpen();
      return work(...args);
    };
  };
  return {
    state: {
      get: whileOpen((space, key) => store.state.get(space, key)) as State['get'],
      getMany: whileOpen((space, keys) => store.state.getMany(space, keys)) as State['getMany'],
      list: whileOpen((space, listOptions) => store.state.list(space, listOptions)) as State['list'],
      commit: whileOpen((changes) => store.commit(changes)),
    },
    lake: {
      query: whileOpen((...[sql, tables, limits, signal]: Parameters<Lake['query']>) =>
        queryLake(reading, { sql, tables, signal }, limits),
      ),
      async *scan(sql, tables, { timeoutMs, lane = 'batch', bounds }, signal) {
        requireOpen();
        const limits = {
          timeoutMs,
          lane,
          bounds,
          maxRows: Number.POSITIVE_INFINITY,
          maxBytes: Number.POSITIVE_INFINITY,
        };
        yield* readLake(reading, { sql, tables, signal }, limits);
      },
      days: whileOpen((tables: readonly Table[]) => daysOf(store, tables)),
    },
    registerTables: (tables) => store.registerTables(tables),
    writeEvents: whileOpen((events: EventsToWrite) => store.writeEvents(events)),
    reserveSequences: (count) => store.reserveSequences(count),
    freeze: whileOpen(() => freezeLake(directory, store)),
    flush: whileOpen(() => store.flush()),
    expire: whileOpen((keptMs: ReadonlyMap<string, number>) =>
      store.maintain((access) => expireParts(access, store.state, keptMs, options.clock.now())),
    ),
    rebuild: (table, range) => {
      requireOpen();
      store.registerTables([table]);
      const firstNewSequence = store.reserveSequences(0);
      return new TableRebuild({ table, range, firstNewSequence, store, maxKeyBytes });
    },
    sweep: whileOpen(() => store.sweep()),
    close: async () => {
      closing ??= lanes.close().then(() => store.close());
      await closing;
    },
  };
}

/** The days of which any of the tables has rows that were committed before the call. */
async function daysOf(store: LakeStore, tables: readonly Table[]): Promise<ReadonlySet<string>> {
  const lease = await store.snapshot(tables);
  lease.release();
  return new Set([...lease.parts.values()].flat().map(({ day }) => day));
}

function backgroundError(error: unknown): unknown {
  if (error instanceof MargayError) return error;
  return new Error(`work in the background failed: ${workFailure(error)}`, { cause: error });
}
