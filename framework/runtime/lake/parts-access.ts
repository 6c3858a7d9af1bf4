import type { Table } from '../../model/table.ts';
import type { Manifest } from './manifest.ts';
import type { Part } from './part.ts';
import type { PartWriter } from './part-writer.ts';
import type { Transaction } from './state-database.ts';

/** What maintenance works with. Nothing else writes parts meanwhile. */
export interface PartsAccess {
  readonly manifest: Manifest;
  readonly writer: PartWriter;
  /** Lists new parts and unlists replaced ones, in one transaction with what belongs to them. */
  publish(added: readonly Part[], removed: readonly Part[], transaction: Transaction): Promise<void>;
  /** Deletes the files of parts that were never listed. */
  discard(parts: readonly Part[]): Promise<void>;
  /** Lets what is known of stored keys be read again: rows came or went by another way than ingest. */
  forgetKeys(table: Table): void;
}
