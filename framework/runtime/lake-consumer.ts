import type { BatchRecord, LogEntry } from '../model/log-record.ts';
import type { BundleStore } from './bundle-store.ts';
import type { ConsumerPosition, PreparedStep } from './consumer.ts';
import type { OpenLake } from './lake/index.ts';
import type { RowEncoder } from './row-encoder.ts';

/**
 * The consumer that files events: a range of the log becomes Parquet parts, and its position commits with
 * their manifest entries. While they are written, the rows of the next range are made. Dead letters are the detect
 * consumer's to record.
 */
export function createLakeStep(options: {
  readonly lake: OpenLake;
  readonly bundles: BundleStore;
  readonly encoder: RowEncoder;
}): (entries: readonly LogEntry[], from: ConsumerPosition) => Promise<PreparedStep> {
  return async (entries, from) => {
    const change = entries.findIndex((entry) => entry.record.kind !== 'batch');
    const first = entries[0] as LogEntry;
    const put = (position: ConsumerPosition) => [{ space: 'position', key: 'lake', value: position }] as const;
    if (first.record.kind !== 'batch') {
      // Events are filed alike, whichever version of a detection alerts.
      const digest = first.record.kind === 'activation' ? first.record.digest : from.digest;
      const position = { next: first.next, digest };
      return { position, commit: () => options.lake.state.commit({ put: put(position) }) };
    }
    const range = change < 0 ? entries : entries.slice(0, change);
    if (from.digest === undefined) throw new Error('a batch stands before the first bundle');
    const catalog = await options.bundles.load(from.digest);
    const position = { ...from, next: (range.at(-1) as LogEntry).next };
    const batches = range.map((entry) => entry.record as BatchRecord);
    const bytes = batches.reduce((sum, { body }) => sum + body.length, 0);
    const { tables } = await options.encoder.encode(batches, catalog, options.lake.reserveSequences(bytes));
    return {
      position,
      commit: async () => {
        await options.lake.writeEvents({ tables, commit: { put: put(position) } });
      },
    };
  };
}
