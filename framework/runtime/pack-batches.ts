import type { BatchRecord } from '../model/log-record.ts';
import type { LogType } from '../model/log-type.ts';
import type { Table } from '../model/table.ts';
import { type PackedTable, RowPacker } from './lake/index.ts';
import { rowsOfBatch } from './rows-of-batch.ts';

/**
 * The rows of batches by the table of their log type. The batches were accepted by the bundle of the log types.
 *
 * @param nextSequence - Gives each row its number.
 */
export function packBatches(
  batches: readonly BatchRecord[],
  logTypes: ReadonlyMap<string, LogType>,
  nextSequence: () => number,
): readonly PackedTable[] {
  const packers = new Map<string, { readonly table: Table; readonly packer: RowPacker }>();
  for (const batch of batches) {
    const { table, rows } = rowsOfBatch(batch, logTypes);
    const filed = packers.get(table.name) ?? { table, packer: new RowPacker(table, nextSequence) };
    packers.set(table.name, filed);
    for (const row of rows) filed.packer.add(row);
  }
  return [...packers.values()].map(({ table, packer }) => ({ table, rows: packer.finish() }));
}
