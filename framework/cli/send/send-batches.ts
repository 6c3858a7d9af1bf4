import { MargayError } from '../../model/margay-error.ts';
import { sha256Digest, stableId } from '../../model/stable-id.ts';
import { RefusedAnswer } from '../answer-error.ts';
import type { RuntimeClient } from '../client.ts';
import type { InputBatch } from './batch-records.ts';
import { withRetries } from './with-retries.ts';

/** What was sent so far. */
export interface SendTotals {
  /** Records that the runtime has now, duplicates included. */
  readonly records: number;
  /** Records of batches that the runtime had already. */
  readonly duplicates: number;
  /** Records that are too large, for us or the runtime. */
  readonly refused: number;
  readonly batches: number;
  /** Decompressed bytes of the batches. */
  readonly bytes: number;
}

/** What sending needs. */
export interface SendOptions {
  readonly client: Pick<RuntimeClient, 'ingest'>;
  readonly logType: string;
  readonly source: string;
  /** What the batches' keys are made of: the digest of the file, or the sender's own; absent: each batch's digest. */
  readonly identity: string | undefined;
  /** Once aborted, the batch in flight is the last. */
  readonly stop: AbortSignal;
  readonly onProgress: (totals: SendTotals) => void;
  /** Called with the key of every batch that the runtime has. */
  readonly onAccepted?: ((batchKey: string) => void) | undefined;
  /** Called before waiting for another try. */
  readonly onRetry: (error: MargayError, delayMs: number) => void;
  /** Called for a record that is too large, with its place in the decompressed input. */
  readonly onRefused: (offset: number) => void;
}

/** The totals before the first batch. */
export const nothingSent: SendTotals = { records: 0, duplicates: 0, refused: 0, batches: 0, bytes: 0 };

/**
 * Sends batches one after another, in order. A batch's key depends on its place in the input, so that sending
 * the same input again adds nothing.
 */
export async function sendBatches(batches: AsyncIterable<InputBatch>, options: SendOptions): Promise<SendTotals> {
  let totals = nothingSent;
  for await (const batch of batches) {
    if (options.stop.aborted) break;
    for (const offset of batch.skipped) options.onRefused(offset);
    totals = { ...totals, refused: totals.refused + batch.skipped.length };
    if (batch.recordCount > 0) totals = addTotals(totals, await sendBatch(batch, totals.batches > 0, options));
    options.onProgress(totals);
  }
  return totals;
}

async function sendBatch(
  batch: InputBatch,
  answeredBefore: boolean,
  options: SendOptions,
): Promise<Partial<SendTotals>> {
  const { client, logType, source, stop, onRetry, onRefused } = options;
  const { body, recordCount: records } = batch;
  const key = batchKey(batch, options);
  try {
    const send = () => client.ingest({ logType, key, source, body });
    const { duplicate } = await withRetries(send, { stop, answeredBefore, onRetry });
    options.onAccepted?.(key);
    return { records, duplicates: duplicate ? records : 0, batches: 1, bytes: body.length };
  } catch (error) {
    if (!isTooLarge(error) || records > 1) throw error;
    onRefused(batch.offset);
    return { refused: 1 };
  }
}

/** The length is part of it: with another batch size, the same place starts another batch. */
function batchKey({ body, offset, length }: InputBatch, { identity, logType }: SendOptions): string {
  return stableId('batch', logType, identity ?? sha256Digest(body), String(offset), String(length));
}

function isTooLarge(error: unknown): boolean {
  return error instanceof MargayError && error.cause instanceof RefusedAnswer && error.cause.status === 413;
}

function addTotals(totals: SendTotals, more: Partial<SendTotals>): SendTotals {
  return {
    records: totals.records + (more.records ?? 0),
    duplicates: totals.duplicates + (more.duplicates ?? 0),
    refused: totals.refused + (more.refused ?? 0),
    batches: totals.batches + (more.batches ?? 0),
    bytes: totals.bytes + (more.bytes ?? 0),
  };
}
