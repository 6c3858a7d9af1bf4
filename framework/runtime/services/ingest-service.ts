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
  const known = await parts.publisher.liveLogTypes();
  if (!known.includes(batch.logType)) {
    throw new MargayError('API_LOG_TYPE_UNKNOWN', `No log type '${batch.logType}' is live.`, {
      hint: suggest(batch.logType, known) ?? "Nothing is published yet: run 'margay publish' first.",
    });
  }
  const { position, duplicate } = await parts.log.append({ kind: 'batch', ...batch, receivedAtMs: parts.clock.now() });
  return { accepted: true, position, duplicate };
}
