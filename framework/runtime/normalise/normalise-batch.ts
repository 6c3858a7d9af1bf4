import type { ErrorCode } from '../../model/error-codes.ts';
import type { DeadLetter, Event } from '../../model/event.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import type { LogType } from '../../model/log-type.ts';
import { stableId } from '../../model/stable-id.ts';
import { maxDeadLetters, previewLength, shortPreviewLength } from './limits.ts';
import { normaliserOf } from './normalise-record.ts';
import { type ReadRecord, readRecords } from './read-records.ts';
import type { Outcome, RecordFault } from './record-fault.ts';

/** What became of the records of a batch: each is an event, or a dead letter, or counted in one. */
export interface NormalisedBatch {
  /** In the order of the batch. */
  readonly events: readonly Event[];
  /** In the order of the batch. */
  readonly deadLetters: readonly DeadLetter[];
}

/**
 * The events of a batch, and what could not become one. Deterministic: the same batch gives the same events.
 *
 * - The body is NDJSON, a JSON array, one object (pretty-printed or not), or envelopes by `logType.records`.
 * - The event time must be there and be a time. One more than a day ahead of the batch is not believed: the
 *   parse time takes its place, and the record keeps what it says.
 * - Fields are given their declared type where that loses nothing; otherwise the record is a dead letter.
 * - A batch gives at most 1,002 dead letters: one for each of its first 1,000 bad records, one that counts the
 *   other bad ones by code (`NORMALISE_MANY_BAD`, at the place of the first of them), and one for everything after
 *   the 100,000th record (`NORMALISE_BATCH_TOO_LONG`), which is not read.
 * - A record's own `p_…` and `udm` fields are renamed to `_p_…` and `_udm`.
 *
 * @param parseJson - @defaultValue `JSON.parse`
 */
export function normaliseBatch(
  batch: BatchRecord,
  logType: LogType,
  parseJson: (text: string) => unknown = JSON.parse,
): NormalisedBatch {
  const events: Event[] = [];
  const deadLetters: DeadLetter[] = [];
  const others = new Map<ErrorCode, number>();
  let firstOther: { readonly index: number; readonly preview: ReadRecord['preview'] } | undefined;
  let index = 0;
  for (const { event, preview } of normaliseEach(batch, logType, parseJson)) {
    if (!event.fault) events.push(event.value);
    else if (event.fault.code === 'NORMALISE_BATCH_TOO_LONG' || deadLetters.length < maxDeadLetters) {
      deadLetters.push(deadLetter(batch, index, event.fault, preview));
    } else {
      firstOther ??= { index, preview };
      others.set(event.fault.code, (others.get(event.fault.code) ?? 0) + 1);
    }
    index++;
  }
  if (firstOther) {
    const letter = deadLetter(batch, firstOther.index, countFaults(others), firstOther.preview);
    deadLetters.splice(maxDeadLetters, 0, letter);
  }
  return { events, deadLetters };
}

/**
 * The events of {@link normaliseBatch}, each made when it is asked for: who has done with one before the next keeps
 * little in memory.
 */
export function* eventsOf(batch: BatchRecord, logType: LogType): Generator<Event, void, void> {
  for (const { event } of normaliseEach(batch, logType, JSON.parse)) if (!event.fault) yield event.value;
}

function* normaliseEach(
  batch: BatchRecord,
  logType: LogType,
  parseJson: (text: string) => unknown,
): Generator<{ readonly event: Outcome<Event>; readonly preview: ReadRecord['preview'] }, void, void> {
  const normalise = normaliserOf(logType);
  const parseTime = new Date(batch.receivedAtMs).toISOString();
  let index = 0;
  for (const { outcome, preview } of readRecords(batch.body, logType, parseJson)) {
    yield { event: outcome.fault ? outcome : normalise(outcome.value, { batch, parseTime, index }), preview };
    index++;
  }
}

function countFaults(counts: ReadonlyMap<ErrorCode, number>): RecordFault {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const byCode = [...counts].map(([code, count]) => `${count} ${code}`).join(', ');
  return {
    code: 'NORMALISE_MANY_BAD',
    reason: `After ${maxDeadLetters} bad records of the batch, ${total} more are bad, this one first: ${byCode}.`,
  };
}

function deadLetter(
  batch: BatchRecord,
  index: number,
  { code, reason }: RecordFault,
  preview: ReadRecord['preview'],
): DeadLetter {
  return {
    deadLetterId: stableId('dead letter', batch.key, String(index)),
    logType: batch.logType,
    batchKey: batch.key,
    index,
    code,
    reason,
    preview: preview(code === 'NORMALISE_RECORD_TOO_LARGE' ? shortPreviewLength : previewLength),
    receivedAtMs: batch.receivedAtMs,
  };
}
