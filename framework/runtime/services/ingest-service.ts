import { MargayError } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import type { IncomingBatch, IngestResponse } from '../api/index.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/**
 * Makes a batch durable. What its records are worth is found out later; a record that is no event becomes a dead
 * letter.
 *
 * @throws API_LOG_TYPE_UNKNOWN when the live bundle has no such log type.
 */
export async function ingest(parts: RuntimeParts, batch: IncomingBatch): Promise<IngestResponse> {
  return parts.publisher.accept(async (known) => {
    if (!known.includes(batch.logType)) throw unknownLogType(batch.logType, known);
    const receivedAtMs = parts.clock.now();
    const { position, duplicate } = await parts.log.append({ kind: 'batch', ...batch, receivedAtMs });
    return { accepted: true, position, duplicate };
  });
}

/** No such log type is live. */
export function unknownLogType(logType: string, known: readonly string[]): MargayError {
  return new MargayError('API_LOG_TYPE_UNKNOWN', `No log type '${logType}' is live.`, {
    hint:
      suggest(logType, known) ??
      "Nothing is live yet: run 'margay publish', or wait for the runtime that is just starting with its content.",
  });
}
