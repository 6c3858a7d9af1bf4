import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, DuckDBUIntegerVector } from '@duckdb/node-api';
import { quoteName, quoteText } from '../../model/quote-sql.ts';
import type { Table } from '../../model/table.ts';
import { keyHashColumns } from './key-hash.ts';
import type { PartKeys } from './known-keys.ts';
import { countRows, type PackedRows } from './pack-rows.ts';
import { draftsFolder, type Part, partsFolder } from './part.ts';
import { schemaOf } from './part-schema.ts';
import { batchQuery, copyOptions, latestOnly, partOrder, readParts, splitOptions } from './sql-text.ts';
import { syncDirectory } from './sync-directory.ts';
import { writtenFile } from './written-file.ts';

/** What a part has of the rows that it was made of. */
type PartOrigin = Pick<Part, 'day' | 'lastSequence' | 'schema'>;

/** Durable files that are no parts yet: they lie where a restart deletes them. */
export interface PartDraft {
  readonly files: readonly { readonly path: string; readonly part: Part }[];
  /** Deletes what is left of it. */
  discard(): Promise<void>;
}

/** Writes Parquet parts, off the main thread, and reads their keys. One call at a time. */
export class PartWriter implements PartKeys {
  readonly #directory: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(directory: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#directory = directory;
    this.#instance = instance;
    this.#connection = connection;
  }

  /**
   * @param directory - The lake's directory, absolute.
   * @param memory - What DuckDB may use before it goes on in a folder of this writer's own.
   */
  static async open(directory: string, memory = '1GB'): Promise<PartWriter> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1', // small pieces of work: a second thread costs more than it saves
      memory_limit: memory,
      preserve_insertion_order: 'false', // see copyOptions
      temp_directory: join(directory, draftsFolder, `spill-${randomUUID()}`),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(`SET allowed_directories = [${quoteText(`${directory}/`)}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return new PartWriter(directory, instance, connection);
  }

  /**
   * A durable part that nobody knows of yet, with rows of one day; none for no rows. Of rows with the same key in a
   * table that replaces, it holds the last.
   */
  async write(table: Table, rows: readonly PackedRows[]): Promise<Part | undefined> {
    const [first] = rows;
    if (!first || rows.every((packed) => countRows(packed) === 0)) return undefined;
    const draft = await this.#writeDraft(rows.map(({ bytes }) => bytes));
    try {
      const query = batchQuery(table, draft, rows.reduce(longestLine, 0));
      const lastSequence = Math.max(...rows.map((packed) => packed.lastSequence));
      const common = { day: first.day, lastSequence, schema: schemaOf(table) };
      return (await this.#copy(query, copyOptions(table), table, common))[0];
    } finally {
      await rm(draft, { force: true });
    }
  }

  /**
   * The rows of several parts of one day; of rows that replace each other, the latest. In order of arrival as one part,
   * or where queries look for a sort column, sorted, in several with a range of it each.
   */
  merge(table: Table, parts: readonly Part[]): Promise<PartDraft> {
    const arrived = parts.toSorted((a, b) => a.lastSequence - b.lastSequence);
    const latest = `SELECT * FROM ${this.source(arrived)}${latestOnly(table)}`;
    const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0);
    const options = table.sortBy ? splitOptions(table, rowCount) : copyOptions(table);
    const schemas = new Set(parts.map(({ schema }) => schema));
    return this.#draft(`${latest}${partOrder(table)}`, options, table, {
      day: (parts[0] as Part).day,
      lastSequence: Math.max(...parts.map((part) => part.lastSequence)),
      schema: schemas.size === 1 ? parts[0]?.schema : undefined,
    });
  }

  /** Makes parts of a draft: each comes under its own name when it is whole, so that all of those are. */
  async file({ files, discard }: PartDraft): Promise<readonly Part[]> {
    for (const { path, part } of files) {
      const folder = dirname(this.#pathOf(part.file));
      if ((await mkdir(folder, { recursive: true })) !== undefined) await syncDirectory(dirname(folder));
      await rename(path, this.#pathOf(part.file));
    }
    const folders = new Set(files.map(({ part }) => dirname(this.#pathOf(part.file))));
    for (const folder of folders) await syncDirectory(folder);
    await discard();
    return files.map(({ part }) => part);
  }

  /** The relation of all rows of parts, for {@link read} and {@link rewrite}. */
  source(parts: readonly Part[], options: readonly string[] = []): string {
    return readParts(
      parts.map(({ file }) => this.#pathOf(file)),
      options,
    );
  }

  /** The rows of a query over parts. */
  async read(query: string): Promise<readonly (readonly unknown[])[]> {
    return (await this.#connection.runAndReadAll(query)).getRows();
  }

  /** One durable part with the rows of a query, in the place of a part; none for no rows. */
  async rewrite(table: Table, { day, lastSequence, schema }: Part, query: string): Promise<Part | undefined> {
    const [part] = await this.#copy(query, copyOptions(table), table, { day, lastSequence, schema });
    if (!part || part.rowCount > 0) return part;
    await rm(this.#pathOf(part.file));
    return undefined;
  }

  async *hashes(table: Table, files: readonly string[]): AsyncGenerator<Uint32Array, void, void> {
    const source = readParts(files.map((file) => this.#pathOf(file)));
    const result = await this.#connection.stream(`SELECT ${keyHashColumns(quoteName(table.key))} FROM ${source}`);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const [places, prints] = [0, 1].map((column) => chunk?.getColumnVector(column));
      if (!(places instanceof DuckDBUIntegerVector && prints instanceof DuckDBUIntegerVector))
        throw new TypeError('hashes of keys are UINTEGERs');
      const hashes = new Uint32Array(chunk.rowCount * 2);
      for (let row = 0; row < chunk.rowCount; row++) {
        hashes[row * 2] = places.getItem(row) as number;
        hashes[row * 2 + 1] = prints.getItem(row) as number;
      }
      yield hashes;
    }
  }

  async find(table: Table, files: readonly string[], keys: readonly string[]): Promise<ReadonlySet<string>> {
    const draft = await this.#writeDraft(keys.map((key) => Buffer.from(`${JSON.stringify({ key })}\n`)));
    try {
      const wanted = `read_json(${quoteText(draft)}, format = 'newline_delimited', columns = {key: 'VARCHAR'})`;
      const source = readParts(files.map((file) => this.#pathOf(file)));
      const key = quoteName(table.key);
      const query = `SELECT DISTINCT ${key} FROM ${source} WHERE ${key} IN (SELECT key FROM ${wanted})`;
      const result = await this.#connection.runAndReadAll(query);
      return new Set(result.getRows().map(([found]) => String(found)));
    } finally {
      await rm(draft, { force: true });
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #writeDraft(pieces: readonly Uint8Array[]): Promise<string> {
    const draft = join(this.#directory, draftsFolder, `${randomUUID()}.ndjson`);
    await writeFile(draft, pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces));
    return draft;
  }

  async #copy(query: string, options: string, table: Table, origin: PartOrigin): Promise<readonly Part[]> {
    return this.file(await this.#draft(query, options, table, origin));
  }

  /** The rows of a query, in their order, as one file or a folder of them. */
  async #draft(query: string, options: string, table: Table, origin: PartOrigin): Promise<PartDraft> {
    const draft = join(this.#directory, draftsFolder, `${randomUUID()}.parquet`);
    const discard = (): Promise<void> => rm(draft, { recursive: true, force: true });
    try {
      const result = await this.#connection.runAndReadAll(`COPY (${query}) TO ${quoteText(draft)} (${options})`);
      const written = result.getRowObjectsJson().map(writtenFile);
      const run = written.length > 1 ? { run: randomUUID() } : {};
      const files: PartDraft['files'][number][] = [];
      for (const { path, rowCount, ranges } of written) {
        const file = `${partsFolder}/${table.name}/${origin.day}-${randomUUID()}.parquet`;
        const keys = table.sortBy && ranges.get(table.sortBy[0] ?? '');
        const bytes = await syncFile(path);
        files.push({ path, part: { file, table: table.name, ...origin, ...run, rowCount, bytes, keys } });
      }
      return { files, discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  #pathOf(file: string): string {
    return join(this.#directory, file);
  }
}

function longestLine(longest: number, { offsets }: PackedRows): number {
  let most = longest;
  for (let row = 1; row < offsets.length; row++)
    most = Math.max(most, (offsets[row] as number) - (offsets[row - 1] as number));
  return most;
}

/** The size of a file whose bytes are durable. */
async function syncFile(path: string): Promise<number> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
