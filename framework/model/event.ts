/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The standard fields that every event has. Names are Panther's, so that content ports. */
export interface StandardFields {
  readonly p_log_type: string;
  /** ISO 8601 with milliseconds, UTC: when it happened. The parse time where the record says more than a day later. */
  readonly p_event_time: string;
  /** ISO 8601 with milliseconds, UTC: when the batch was received. */
  readonly p_parse_time: string;
  /** Stable across redeliveries: hash(log type, event id), else hash(batch key, index). */
  readonly p_row_id: string;
  /** Who sent it, as named by the sender; `''` when unnamed. */
  readonly p_source: string;
  /** Common fields, by the log type's `model`. Missing where the record has no value. */
  readonly udm: Readonly<Record<string, string>>;
}

/** One normalised log record: its original fields, the standard fields and `p_any_*` indicators (sorted sets). */
export type Event = StandardFields & Readonly<Record<string, unknown>>;

/**
 * A record that could not become an event. It never stops the batch, and is never dropped. One letter stands for
 * many records where a batch has too many of them.
 */
export interface DeadLetter {
  readonly deadLetterId: string;
  readonly logType: string;
  readonly batchKey: string;
  /** Zero-based index of the record in its batch; of the first where there are many. */
  readonly index: number;
  /** An error code. */
  readonly code: string;
  readonly reason: string;
  /** The start of the record, at most 4,096 characters. */
  readonly preview: string;
  readonly receivedAtMs: number;
}
