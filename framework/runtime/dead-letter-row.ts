import type { DeadLetter } from '../model/event.ts';
import type { Row } from '../model/table.ts';

/** The row of a dead letter for `dead_letters`. */
export function deadLetterRow(letter: DeadLetter): Row {
  return {
    dead_letter_id: letter.deadLetterId,
    log_type: letter.logType,
    batch_key: letter.batchKey,
    record_index: letter.index,
    code: letter.code,
    reason: letter.reason,
    preview: letter.preview,
    received_at: new Date(letter.receivedAtMs).toISOString(),
  };
}
