import type { BatchRecord, LogEntry } from '../model/log-record.ts';
import type { BundleStore } from './bundle-store.ts';
import type { ConsumerPosition } from './consumer.ts';
import type { OpenLake } from './lake/index.ts';
import type { RowEncoder } from './row-encoder.ts';

/**
 * The consumer that files events: a range of the log becomes Parquet parts, and its position commits with
 * their manifest entries. Dead letters are the detect consumer's to record.
 */
export function createLakeStep(options: {
  readonly lake: OpenLake;
  readonly bundles: BundleStore;
  readonly encoder: RowEncoder;
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
    const batches = range.map((entry) => entry.record as BatchRecord);
    const bytes = batches.reduce((sum, { body }) => sum + body.length, 0);
    const { tables } = await options.encoder.encode(batches, catalog, options.lake.reserveSequences(bytes));
    const commit = { put: [{ space: 'position' as const, key: 'lake', value: position }] };
    await options.lake.writeEvents({ tables, commit });
    return position;
  };
}
