import type { Table } from '../../model/table.ts';
import { chooseForMerge, maxMergeBytes } from './choose-for-merge.ts';
import { isOutOfMemory } from './database-failure.ts';
import type { Manifest } from './manifest.ts';
import { filesOf, type Part } from './part.ts';
import { type PartDraft, PartWriter } from './part-writer.ts';
import { SerialQueue } from './serial-queue.ts';

/** What merges are done with. */
export interface PartMergerOptions {
  /** The lake's, absolute. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly tableOf: (name: string) => Table | undefined;
  /** Runs work while nothing else changes the manifest. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Lists new parts and unlists the ones they are made of. */
  readonly publish: (added: readonly Part[], removed: readonly Part[]) => Promise<void>;
  /** Hears of a merge that failed; it is tried again with the next part of that day. */
  readonly onError: (error: unknown) => void;
  /** What a merge may use before it sorts on disk; it has time. @defaultValue 512 MB */
  readonly memory?: string | undefined;
}

/** Memory that is too little for a merge of less than this is an error, and not a reason to merge less. */
const minMergeBytes = 4 * 1024 * 1024;

/**
 * Merges the parts of days, one merge at a time, beside what writes parts: these never change, so that only putting the
 * result in their place has to be done alone. When one of them went meanwhile, expired or rebuilt, the result is thrown
 * away.
 */
export class PartMerger {
  readonly #options: PartMergerOptions;
  readonly #queue = new SerialQueue();
  /** Days that wait for their turn. */
  readonly #due = new Set<string>();
  /** Table → what a merge of it may read, where more did not fit in memory. */
  readonly #maxBytes = new Map<string, number>();
  #writer: PartWriter | undefined;
  #isClosing = false;

  constructor(options: PartMergerOptions) {
    this.#options = options;
  }

  /** Has a day of a table merged, if it has many parts when its turn comes. */
  ask(tableName: string, day: string): void {
    const name = `${tableName}/${day}`;
    if (this.#due.has(name)) return;
    this.#due.add(name);
    const merging = this.#queue.run(async () => {
      this.#due.delete(name);
      while (!this.#isClosing && (await this.#mergeSome(tableName, day)));
    });
    merging.catch(this.#options.onError);
  }

  /** Has the days of a table merged that have many parts: what a process that ended left behind. */
  askWhereDue(tableName: string): void {
    const days = new Map<string, Part[]>();
    for (const part of this.#options.manifest.of(tableName)) days.set(part.day, [...(days.get(part.day) ?? []), part]);
    for (const [day, parts] of days) if (chooseForMerge(parts).length > 0) this.ask(tableName, day);
  }

  /** Resolves when everything asked for so far was merged. */
  async idle(): Promise<void> {
    await this.#queue.idle();
  }

  /** Waits for the merge under way; what else was asked for is left. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#queue.idle();
    this.#writer?.close();
  }

  /** Merges some of the parts of a day. @returns Whether there may be more to merge. */
  async #mergeSome(tableName: string, day: string): Promise<boolean> {
    const { directory, manifest, tableOf, alone, memory = '512MB' } = this.#options;
    const table = tableOf(tableName);
    const maxBytes = this.#maxBytes.get(tableName) ?? maxMergeBytes;
    const parts = chooseForMerge(manifest.of(tableName, day), maxBytes);
    if (!table || parts.length === 0) return false;
    const release = manifest.hold(filesOf(parts));
    try {
      this.#writer ??= await PartWriter.open(directory, memory);
      const draft = await this.#writer.merge(table, parts);
      await alone(() => this.#replace(parts, draft));
    } catch (error) {
      // What sorting takes is known to DuckDB only when it has no more.
      if (!isOutOfMemory(error) || maxBytes <= minMergeBytes) throw error;
      this.#maxBytes.set(tableName, maxBytes / 2);
    } finally {
      release();
    }
    return true;
  }

  async #replace(parts: readonly Part[], draft: PartDraft): Promise<void> {
    const { manifest, publish } = this.#options;
    if (parts.every(({ file }) => manifest.lists(file)) && this.#writer) {
      await publish(await this.#writer.file(draft), parts);
    } else {
      await draft.discard();
    }
  }
}
