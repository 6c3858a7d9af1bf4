import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../../framework/model/event.ts';
import type { LogType } from '../../../framework/model/log-type.ts';
import { quoteName } from '../../../framework/model/quote-sql.ts';
import { eventTable } from '../../../framework/model/standard-tables.ts';
import type { Row } from '../../../framework/model/table.ts';
import { encodeRows } from '../../../framework/runtime/lake/encode-rows.ts';
import { createQueryInstance } from '../../../framework/runtime/lake/query-instance.ts';
import { resultValue } from '../../../framework/runtime/lake/result-value.ts';
import { batchQuery } from '../../../framework/runtime/lake/sql-text.ts';
import { eventRow } from '../../../framework/runtime/normalise/index.ts';

type Instance = Awaited<ReturnType<typeof createQueryInstance>>;
type Connection = Awaited<ReturnType<Instance['connect']>>;

/** A DuckDB that holds events as the lake writes them, without the lake around it: fast enough for many batches. */
export class EventSql {
  readonly #folder: string;
  readonly #instance: Instance;
  readonly #connection: Connection;

  private constructor(folder: string, instance: Instance, connection: Connection) {
    this.#folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<EventSql> {
    const instance = await createQueryInstance();
    return new EventSql(await mkdtemp(join(tmpdir(), 'margay-events-')), instance, await instance.connect());
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    await rm(this.#folder, { recursive: true });
  }

  /** Makes the table of the log type hold these events, each with its own row id, and no others. */
  async load(events: readonly Event[], logType: LogType): Promise<void> {
    const table = eventTable(logType);
    let sequence = 0;
    const encoded = encodeRows(
      table,
      events.map((event) => eventRow(event, logType)),
      () => sequence++,
    );
    const draft = join(this.#folder, 'events.ndjson');
    const parquet = join(this.#folder, 'events.parquet');
    await writeFile(draft, encoded.map(({ lines }) => lines).join(''));
    await this.#connection.run(
      `COPY (${batchQuery(table, draft, 2_000_000)}) TO '${parquet}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    await this.#connection.run(
      `CREATE OR REPLACE TEMP TABLE ${quoteName(table.name)} AS FROM read_parquet('${parquet}')`,
    );
  }

  /** The value of boolean expressions for each row, by row id. */
  async evaluate(expressions: readonly string[], logType: LogType): Promise<ReadonlyMap<string, readonly unknown[]>> {
    const result = await this.#connection.runAndReadAll(
      `SELECT p_row_id, ${expressions.join(', ')} FROM ${quoteName(logType.table)}`,
    );
    return new Map(result.getRows().map(([id, ...values]) => [String(id), values]));
  }

  /** The row ids for which an expression is true. */
  async select(expression: string, logType: LogType): Promise<readonly string[]> {
    const result = await this.#connection.runAndReadAll(
      `SELECT p_row_id FROM ${quoteName(logType.table)} WHERE ${expression}`,
    );
    return result.getRows().map(([id]) => String(id));
  }

  /** All rows, as a query of the lake gives them. */
  async rows(logType: LogType): Promise<readonly Row[]> {
    const columns = eventTable(logType).columns.map(({ name }) => quoteName(name));
    const result = await this.#connection.runAndReadAll(
      `SELECT ${columns.join(', ')} FROM ${quoteName(logType.table)}`,
    );
    const [names, types] = [result.columnNames(), result.columnTypes()];
    return result
      .getRows()
      .map((row) =>
        Object.fromEntries(row.map((value, i) => [names[i], resultValue(value, types[i] as never, String(names[i]))])),
      );
  }
}
