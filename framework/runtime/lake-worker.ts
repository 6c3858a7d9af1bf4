// The entry of the worker thread that makes rows of batches: it joins rooms that must not import each other.
import { parentPort } from 'node:worker_threads';
import type { DeadLetter } from '../model/event.ts';
import type { BatchRecord } from '../model/log-record.ts';
import type { LogType } from '../model/log-type.ts';
import { normaliseBatch } from './normalise/index.ts';
import { packBatches } from './pack-batches.ts';
import type { EncodeReply, EncodeRequest } from './row-encoder.ts';

const port = parentPort;
if (port === null) throw new Error('lake-worker is the entry of a worker thread.');
let logTypes: ReadonlyMap<string, LogType> = new Map();

port.on('message', (request: EncodeRequest) => {
  if (request.logTypes) logTypes = new Map(request.logTypes.map((logType) => [logType.name, logType]));
  const reply = encode(request);
  const buffers = reply.encoded?.tables.flatMap(({ rows }) => {
    return rows.flatMap(({ bytes, offsets, hashes }) => [bytes.buffer, offsets.buffer, hashes.buffer]);
  });
  port.postMessage(reply, buffers ?? []);
});

function encode({ id, batches, firstSequence, withDeadLetters }: EncodeRequest): EncodeReply {
  let sequence = firstSequence;
  try {
    const deadLetters = withDeadLetters ? batches.flatMap(deadLettersOf) : [];
    const tables = packBatches(batches, logTypes, () => sequence++);
    return { id, encoded: { tables, deadLetters } };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** Read a second time for them, which nobody waits for; the rows of what comes in are made without them. */
function deadLettersOf(batch: BatchRecord): readonly DeadLetter[] {
  const logType = logTypes.get(batch.logType);
  return logType ? normaliseBatch(batch, logType).deadLetters : [];
}
