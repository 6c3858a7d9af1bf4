import { maxBatchRecords } from '../../model/batch-limit.ts';
import { MargayError } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import type { IncomingBatch, IngestResponse } from '../api/index.ts';
import { hasTooManyRecords } from '../normalise/index.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/**
 * Makes a batch durable, all of it or nothing. What its records are worth is found out later; a record that is no event becomes a dead
 * letter.
 *
 * @throws API_LOG_TYPE_UNKNOWN when the live bundle has no such log type.
 * @throws API_BATCH_TOO_LONG when it has more than 100,000 records.
 */
export async function ingest(parts: RuntimeParts, batch: IncomingBatch): Promise<IngestResponse> {
  return parts.publisher.accept(async (known) => {
    if (!known.includes(batch.logType)) throw unknownLogType(batch.logType, known);
    const logType = parts.active()?.catalog.logTypes.get(batch.logType);
    if (logType && hasTooManyRecords(batch.body, logType)) throw batchTooLong();
    const receivedAtMs = parts.clock.now();
    const { position, duplicate } = await parts.log.append({ kind: 'batch', ...batch, receivedAtMs });
    return { accepted: true, position, duplicate };
  });
}

function batchTooLong(): MargayError {
  return new MargayError(
    'API_BATCH_TOO_LONG',
    `The batch has more than ${maxBatchRecords} records; nothing of it was taken.`,
    {
      hint: "Send the records in several requests, as 'margay send' does.",
    },
  );
}

/** No such log type is live. */
export function unknownLogType(logType: string, known: readonly string[]): MargayError {
  return new MargayError('API_LOG_TYPE_UNKNOWN', `No log type '${logType}' is live.`, {
    hint:
      suggest(logType, known) ??
      "Nothing is live yet: run 'margay publish', or wait for the runtime that is just starting with its content.",
  });
}
