/** A place in the log: opaque outside `log`, increasing with every record. 0 is before the first. */
export type Position = number;

/** What the log holds: batches of raw records, and between them what changes how they are evaluated. */
export type LogRecord = BatchRecord | ActivationRecord | PromotionRecord;

/** A batch as it was accepted. */
export interface BatchRecord {
  readonly kind: 'batch';
  /** The idempotency key; a second batch with the same key, log type and body is not appended. */
  readonly key: string;
  readonly logType: string;
  readonly source: string;
  readonly receivedAtMs: number;
  /** NDJSON, a JSON array, one object or an envelope; UTF-8, decompressed. */
  readonly body: Uint8Array;
}

/** From here on every consumer uses this bundle. */
export interface ActivationRecord {
  readonly kind: 'activation';
  readonly digest: string;
  readonly serial: number;
  readonly activatedAtMs: number;
  /** Who published it, or went back to it. */
  readonly actor: string;
  /** @defaultValue 'publish' */
  readonly action?: 'publish' | 'rollback' | undefined;
  /** The digest of the plan that was carried out, as its publisher says. */
  readonly plan?: string | undefined;
  /** Why somebody went back. */
  readonly reason?: string | undefined;
  /** The commit that the bundle was compiled from, when known. */
  readonly commit?: string | undefined;
}

/** From here on a version of a detection alerts that was tried in the shadow. Of another version it says nothing. */
export interface PromotionRecord {
  readonly kind: 'promotion';
  /** The first id. */
  readonly detection: string;
  readonly version: string;
  readonly promotedAtMs: number;
  /** Who did not wait; `margay` where the trial went well. */
  readonly actor: string;
}

/** A record and where it stands. `next` is the position after it. */
export interface LogEntry {
  readonly position: Position;
  readonly next: Position;
  readonly record: LogRecord;
}

/** The durable, ordered log. */
export interface Log {
  /**
   * Resolves after fsync. `duplicate`: the same content was seen under the key before, nothing was appended.
   *
   * @throws LOG_KEY_REUSED when a key that is still remembered comes with another log type or body.
   */
  append(
    record: LogRecord,
  ): Promise<{ readonly position: Position; readonly next: Position; readonly duplicate: boolean }>;
  /** Entries from a position on, in order, until about `maxBytes` are read; `[]` at the end. */
  read(from: Position, maxBytes: number): Promise<readonly LogEntry[]>;
  /** The position of the oldest record that is still there; that of the end when there is none. */
  start(): Position;
  /** The position after the last durable record. */
  end(): Position;
  /** Resolves when the log has grown past a position, or the signal aborts. */
  waitPast(position: Position, signal: AbortSignal): Promise<void>;
  /** Frees whole segments before a position. */
  release(before: Position): Promise<void>;
  close(): Promise<void>;
}
