import type { BatchRecord, LogEntry } from '../model/log-record.ts';
import { eventTable } from '../model/standard-tables.ts';
import type { Row, Table } from '../model/table.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';
import type { ConsumerPosition } from './consumer.ts';
import type { OpenLake } from './lake/index.ts';
import { eventRow, normaliseBatch } from './normalise/index.ts';

/**
 * The consumer that files events: a range of the log becomes Parquet parts, and its position commits with
 * their manifest entries. Dead letters are the detect consumer's to record.
 */
export function createLakeStep(options: {
  readonly lake: OpenLake;
  readonly bundles: BundleStore;
}): (entries: readonly LogEntry[], from: ConsumerPosition) => Promise<ConsumerPosition> {
  return async (entries, from) => {
    const activation = entries.findIndex((entry) => entry.record.kind === 'activation');
    const first = entries[0] as LogEntry;
    if (first.record.kind === 'activation') {
      const position = { next: first.next, digest: first.record.digest };
      await options.lake.state.commit({ put: [{ space: 'position', key: 'lake', value: position }] });
      return position;
    }
    const range = activation < 0 ? entries : entries.slice(0, activation);
    if (from.digest === undefined) throw new Error('a batch stands before the first bundle');
    const catalog = await options.bundles.load(from.digest);
    const position = { ...from, next: (range.at(-1) as LogEntry).next };
    const tables = rowsByTable(
      range.map((entry) => entry.record as BatchRecord),
      catalog,
    );
    const commit = { put: [{ space: 'position' as const, key: 'lake', value: position }] };
    await options.lake.writeEvents({ tables, commit });
    return position;
  };
}

/** The rows of batches by the table of their log type. The batches were accepted by the bundle of the catalog. */
export function rowsByTable(
  batches: readonly BatchRecord[],
  catalog: BundleCatalog,
): readonly { readonly table: Table; readonly rows: readonly Row[] }[] {
  const byTable = new Map<string, { readonly table: Table; readonly rows: Row[] }>();
  for (const batch of batches) {
    const logType = catalog.logTypes.get(batch.logType);
    if (!logType) throw new Error(`the bundle in force has no log type '${batch.logType}'`);
    const filed = byTable.get(logType.table) ?? { table: eventTable(logType), rows: [] };
    byTable.set(logType.table, filed);
    for (const event of normaliseBatch(batch, logType).events) filed.rows.push(eventRow(event, logType));
  }
  return [...byTable.values()];
}
