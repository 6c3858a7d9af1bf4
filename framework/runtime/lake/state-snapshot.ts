import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from '@duckdb/node-api';
import { SerialQueue } from './serial-queue.ts';
import { selectState, selectWaiting } from './state-statements.ts';

/** A row of the state file, as a line of JSON: one of `state`, or one of `waiting`, by its number of values. */
export type StateLine = readonly [id: string, value: string] | WaitingLine;

/** Rows that wait: `last_sequence, table_name, day, row_count, lines`. */
export type WaitingLine = readonly [string, string, string, string, string];

/** A piece of lines has about this many characters. */
const pieceLength = 4 * 1024 * 1024;

/**
 * The state file as it was at one moment, while it goes on changing: a transaction of a connection of its own, which
 * keeps nobody from committing.
 */
export class StateSnapshot {
  readonly #connection: DuckDBConnection;
  readonly #queue = new SerialQueue();
  #isClosed = false;

  readonly #onClose: (snapshot: StateSnapshot) => void;

  private constructor(connection: DuckDBConnection, onClose: (snapshot: StateSnapshot) => void) {
    this.#connection = connection;
    this.#onClose = onClose;
  }

  static async open(instance: DuckDBInstance, onClose: (snapshot: StateSnapshot) => void): Promise<StateSnapshot> {
    const connection = await instance.connect();
    await connection.run('BEGIN TRANSACTION READ ONLY');
    await connection.run('SELECT count(*) FROM waiting'); // a transaction begins with what it reads first
    return new StateSnapshot(connection, onClose);
  }

  /** Every row as NDJSON, in pieces of some megabytes. To be read once. */
  async *pieces(): AsyncGenerator<string, void, void> {
    let piece = '';
    for (const select of [selectState, selectWaiting]) {
      const result = await this.#queue.run(() => this.#connection.stream(select));
      for await (const lines of this.#chunks(result)) {
        for (const line of lines) {
          piece += `${JSON.stringify(line)}\n`;
          if (piece.length < pieceLength) continue;
          yield piece;
          piece = '';
        }
      }
    }
    if (piece !== '') yield piece;
  }

  /** After the read under way. */
  close(): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#connection.closeSync();
      this.#onClose(this);
    });
  }

  async *#chunks(result: DuckDBResult): AsyncGenerator<readonly (readonly string[])[], void, void> {
    for (;;) {
      const chunk = await this.#queue.run(async () => {
        if (this.#isClosed) throw new Error('The snapshot was closed while it was read.');
        return result.fetchChunk();
      });
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk.getRows().map((row) => row.map(String));
    }
  }
}
