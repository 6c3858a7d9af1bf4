import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Table } from '../../model/table.ts';
import type { EncodedRows } from './encode-rows.ts';
import { draftsFolder, type Part, partsFolder } from './part.ts';
import { batchQuery, copyOptions, latestOnly, partOrder, quoteName, quoteText, readParts } from './sql-text.ts';
import { syncDirectory } from './sync-directory.ts';

/** How much is written to a draft at a time, in characters. */
const maxPieceLength = 4 * 1024 * 1024;

/** Writes Parquet parts, off the main thread. One call at a time. */
export class PartWriter {
  readonly #directory: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(directory: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#directory = directory;
    this.#instance = instance;
    this.#connection = connection;
  }

  /** @param directory - The lake's directory, absolute. */
  static async open(directory: string): Promise<PartWriter> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1', // small pieces of work: a second thread costs more than it saves
      memory_limit: '1GB',
      temp_directory: join(directory, draftsFolder, 'spill'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(`SET allowed_directories = [${quoteText(`${directory}/`)}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return new PartWriter(directory, instance, connection);
  }

  /**
   * Durable parts, one per day, that nobody knows of yet. A key that comes twice makes one row: the first, or
   * the last where the table replaces. Where it does not, a key that a known part holds makes none.
   *
   * @param known - The parts that hold rows of the same days.
   */
  async write(table: Table, rows: readonly EncodedRows[], known: readonly Part[]): Promise<readonly Part[]> {
    const draft = join(this.#directory, draftsFolder, `${randomUUID()}.ndjson`);
    const parts: Part[] = [];
    try {
      await writeFile(draft, joinTexts(rows));
      const query = batchQuery(
        table,
        draft,
        rows.reduce((longest, { lines }) => Math.max(longest, Buffer.byteLength(lines)), 0),
        known.map(({ file }) => this.#pathOf(file)),
      );
      await this.#connection.run(`CREATE OR REPLACE TEMP TABLE batch AS ${query}`);
      for (const day of new Set(rows.map((encoded) => encoded.day))) {
        const ofDay = `SELECT * FROM batch WHERE ${quoteName(table.time)}::DATE = DATE ${quoteText(day)}`;
        const lastSequence = Math.max(
          ...rows.filter((encoded) => encoded.day === day).map((encoded) => encoded.lastSequence),
        );
        const part = await this.#copy(table, day, ofDay, lastSequence);
        if (part) parts.push(part);
      }
    } finally {
      await rm(draft, { force: true });
      await this.#connection.run('DROP TABLE IF EXISTS batch');
    }
    if (parts.length > 0) await syncDirectory(join(this.#directory, partsFolder, table.name));
    return parts;
  }

  /** One durable part with the rows of several of one day; of rows that replace each other, the latest. */
  async merge(table: Table, parts: readonly Part[]): Promise<Part> {
    const query = `SELECT * FROM ${readParts(parts.map(({ file }) => this.#pathOf(file)))}${latestOnly(table)}`;
    const lastSequence = Math.max(...parts.map((part) => part.lastSequence));
    const merged = await this.#copy(table, (parts[0] as Part).day, query, lastSequence);
    await syncDirectory(join(this.#directory, partsFolder, table.name));
    return merged as Part;
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Writes under another name first, so that a file in the folder of parts is always whole. */
  async #copy(table: Table, day: string, query: string, lastSequence: number): Promise<Part | undefined> {
    const id = randomUUID();
    const draft = join(this.#directory, draftsFolder, `${id}.parquet`);
    const sorted = `SELECT * FROM (${query}) ORDER BY ${partOrder(table)}`;
    const result = await this.#connection.runAndReadAll(
      `COPY (${sorted}) TO ${quoteText(draft)} (${copyOptions(table)})`,
    );
    const rowCount = Number(result.getRows()[0]?.[0] ?? 0);
    if (rowCount === 0) {
      await rm(draft, { force: true });
      return undefined;
    }
    const bytes = await syncFile(draft);
    const part: Part = {
      file: `${partsFolder}/${table.name}/${day}-${id}.parquet`,
      table: table.name,
      day,
      rowCount,
      bytes,
      lastSequence,
    };
    const folder = dirname(this.#pathOf(part.file));
    if ((await mkdir(folder, { recursive: true })) !== undefined) await syncDirectory(dirname(folder));
    await rename(draft, this.#pathOf(part.file));
    return part;
  }

  #pathOf(file: string): string {
    return join(this.#directory, file);
  }
}

/** The lines in few large pieces: together they may be more than a string can hold, one by one they are slow. */
function* joinTexts(rows: readonly EncodedRows[]): Generator<string, void, void> {
  let piece = '';
  for (const { lines } of rows) {
    if (piece !== '' && piece.length + lines.length > maxPieceLength) {
      yield piece;
      piece = '';
    }
    piece += lines;
  }
  if (piece !== '') yield piece;
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
