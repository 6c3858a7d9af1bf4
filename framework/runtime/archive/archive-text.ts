import type { BatchRecord, LogEntry } from '../../model/log-record.ts';

/** A batch of the archive. Its body shares memory with others of its file. */
export interface ArchivedBatch extends BatchRecord {
  /** Where it stood in the log. */
  readonly position: number;
}

/** The line before each body: what was known of the batch. */
interface Head {
  readonly margayBatch: Omit<ArchivedBatch, 'kind' | 'body'> & {
    /** Of the body, which follows; a line feed ends it. */
    readonly bytes: number;
  };
}

const lineFeed = Buffer.from('\n');

/** Batches as text: for each a line of JSON that describes it, the body as it came, a line feed. */
export function encodeBatches(entries: readonly LogEntry[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const { position, record } of entries) {
    if (record.kind !== 'batch') continue;
    const { key, logType, source, receivedAtMs, body } = record;
    const head: Head = { margayBatch: { position, key, logType, source, receivedAtMs, bytes: body.length } };
    pieces.push(Buffer.from(`${JSON.stringify(head)}\n`), body, lineFeed);
  }
  return Buffer.concat(pieces);
}

/** The batches of a text, in order. @throws SyntaxError when it is not what {@link encodeBatches} makes. */
export function decodeBatches(text: Buffer): readonly ArchivedBatch[] {
  const batches: ArchivedBatch[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0x0a, at);
    const head = (JSON.parse(text.toString('utf8', at, end < 0 ? text.length : end)) as Partial<Head>).margayBatch;
    const start = end + 1;
    if (end < 0 || head === undefined || text[start + head.bytes] !== 0x0a)
      throw new SyntaxError(`no batch stands at byte ${at}`);
    const { bytes, ...facts } = head;
    batches.push({ kind: 'batch', ...facts, body: text.subarray(start, start + bytes) });
    at = start + bytes + 1;
  }
  return batches;
}
