import { maxBatchRecords } from '../../model/batch-limit.ts';
import type { InputRecord } from './split-records.ts';

/** Records that go to the runtime in one request. */
export interface InputBatch {
  readonly body: Buffer;
  readonly recordCount: number;
  /** Where the batch starts in the decompressed input, and how much of it the batch covers. */
  readonly offset: number;
  readonly length: number;
  /** Where the records in it start that were too large to be read. */
  readonly skipped: readonly number[];
}

/** Joins records to batches of at most `maxBytes`, and no more records than a runtime takes; a larger record is a batch of its own. */
export async function* batchRecords(records: AsyncIterable<InputRecord>, maxBytes: number): AsyncGenerator<InputBatch> {
  let group: InputRecord[] = [];
  let bytes = 0;
  for await (const record of records) {
    const size = (record.bytes?.length ?? 0) + 1;
    const wrapping = wrappingBytes(record.envelope);
    const isFull = bytes + size + wrapping > maxBytes || group.length === maxBatchRecords;
    if (group.length > 0 && (isFull || group[0]?.envelope !== record.envelope)) {
      yield toBatch(group);
      group = [];
      bytes = 0;
    }
    group.push(record);
    bytes += size;
  }
  if (group.length > 0) yield toBatch(group);
}

function toBatch(group: readonly InputRecord[]): InputBatch {
  const first = group[0] as InputRecord;
  const last = group.at(-1) as InputRecord;
  const records = group.flatMap(({ bytes }) => (bytes ? [bytes] : []));
  return {
    body: joinRecords(records, first.envelope),
    recordCount: records.length,
    offset: first.offset,
    length: last.offset + last.length - first.offset,
    skipped: group.filter(({ bytes }) => !bytes).map(({ offset }) => offset),
  };
}

function joinRecords(records: readonly Buffer[], envelope: string | undefined): Buffer {
  const separator = Buffer.from(envelope === undefined ? '\n' : ',');
  const parts = records.flatMap((record, index) => (index === 0 ? [record] : [separator, record]));
  if (envelope === undefined) return Buffer.concat(parts);
  return Buffer.concat([Buffer.from(`{${JSON.stringify(envelope)}:[`), ...parts, Buffer.from(']}')]);
}

function wrappingBytes(envelope: string | undefined): number {
  return envelope === undefined ? 0 : Buffer.byteLength(JSON.stringify(envelope)) + 6;
}
