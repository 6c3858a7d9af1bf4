import type { ErrorCode } from '../../model/error-codes.ts';
import type { DeadLetter } from '../../model/event.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import { stableId } from '../../model/stable-id.ts';

const maxPreviewChars = 4_096;

/** The dead letter of a batch that cannot be taken apart: it stands for all of its records. */
export function batchDeadLetter(batch: BatchRecord, code: ErrorCode, message: string): DeadLetter {
  return {
    deadLetterId: stableId('dead-letter', batch.key, 'batch'),
    logType: batch.logType,
    batchKey: batch.key,
    index: 0,
    code,
    reason: `${message} The whole batch was set aside.`,
    // A character has at most four bytes, and a cut one at the end is no matter in a preview.
    preview: Buffer.from(batch.body.subarray(0, maxPreviewChars * 4))
      .toString('utf8')
      .slice(0, maxPreviewChars),
    receivedAtMs: batch.receivedAtMs,
  };
}
