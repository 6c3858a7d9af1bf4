import { rm } from 'node:fs/promises';
import type { Clock } from '../../model/clock.ts';
import type { Log, LogEntry, LogRecord, Position } from '../../model/log-record.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { DedupIndex } from './dedup-index.ts';
import type { Unlock } from './directory-lock.ts';
import { GroupWriter, type Place } from './group-writer.ts';
import { type LogHold, listLogFiles, type OpenLog } from './hold-log.ts';
import { readEntries } from './read-entries.ts';
import { contentOf, encodePayload } from './record-payload.ts';
import type { Segment } from './segment.ts';
import { syncDirectory } from './sync-directory.ts';

export interface SegmentedLogOptions {
  readonly directory: string;
  /** Oldest first, at least one. */
  readonly segments: readonly Segment[];
  readonly end: Position;
  readonly dedup: DedupIndex;
  readonly maxSegmentBytes: number;
  readonly clock: Clock;
  readonly unlock: Unlock;
}

interface Waiter {
  readonly position: Position;
  readonly wake: () => void;
}

/** A {@link Log} in files: position = bytes of frames before it, a file's name = its first position. */
export class SegmentedLog implements OpenLog {
  readonly #options: SegmentedLogOptions;
  readonly #writer: GroupWriter;
  readonly #pending = new Map<string, { readonly content: string; readonly written: Promise<Place> }>();
  readonly #waiters = new Set<Waiter>();
  #segments: readonly Segment[];
  #end: Position;
  #holdCount = 0;
  #closing: Promise<void> | undefined;

  constructor(options: SegmentedLogOptions) {
    this.#options = options;
    this.#segments = options.segments;
    this.#end = options.end;
    this.#writer = new GroupWriter({
      directory: options.directory,
      segment: options.segments.at(-1) as Segment,
      end: options.end,
      maxSegmentBytes: options.maxSegmentBytes,
      onSegment: (segment) => {
        this.#segments = [...this.#segments, segment];
      },
      onDurable: (end) => this.#grow(end),
    });
  }

  async append(record: LogRecord): Promise<Place & { readonly duplicate: boolean }> {
    this.#mustBeOpen();
    const nowMs = this.#options.clock.now();
    if (record.kind !== 'batch')
      return { ...(await this.#writer.write(encodePayload(record, nowMs))), duplicate: false };
    const content = contentOf(record);
    const seen = this.#options.dedup.get(record.key, nowMs);
    const pending = this.#pending.get(record.key);
    const known = seen?.content ?? pending?.content;
    if (known !== undefined && known !== content) throw keyReused(record.key);
    if (seen) return { position: seen.position, next: seen.next, duplicate: true };
    if (pending) return { ...(await pending.written), duplicate: true };
    const written = this.#writer.write(encodePayload(record, nowMs, content));
    this.#pending.set(record.key, { content, written });
    try {
      const place = await written;
      this.#options.dedup.add({ key: record.key, ...place, appendedAtMs: nowMs, content });
      return { ...place, duplicate: false };
    } finally {
      this.#pending.delete(record.key);
    }
  }

  async read(from: Position, maxBytes: number): Promise<readonly LogEntry[]> {
    this.#mustBeOpen();
    const end = this.#end;
    const first = this.#segments[0] as Segment;
    if (from < first.start || from > end) {
      throw new MargayError('LOG_POSITION_INVALID', `The log holds ${first.start} to ${end}; ${from} is outside.`, {
        hint: 'The position belongs to another log, or its records were released.',
      });
    }
    if (from === end) return [];
    const index = this.#segments.findLastIndex(({ start }) => start <= from);
    const segmentEnd = this.#segments[index + 1]?.start ?? end;
    return readEntries(this.#segments[index] as Segment, from, segmentEnd, maxBytes);
  }

  start(): Position {
    return (this.#segments[0] as Segment).start;
  }

  end(): Position {
    return this.#end;
  }

  async waitPast(position: Position, signal: AbortSignal): Promise<void> {
    this.#mustBeOpen();
    if (this.#end > position || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const waiter = { position, wake: () => wake() };
      const wake = (): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', wake);
    });
  }

  async release(before: Position): Promise<void> {
    this.#mustBeOpen();
    if (this.#holdCount > 0) return; // somebody copies them; the next time they go
    const { directory, dedup, clock } = this.#options;
    const kept = this.#segments.findIndex(
      (_, index) => (this.#segments[index + 1]?.start ?? Number.POSITIVE_INFINITY) > before,
    );
    const released = this.#segments.slice(0, kept);
    if (released.length > 0) {
      for (const [index, { start }] of released.entries()) {
        await dedup.saveReleased(start, (this.#segments[index + 1] as Segment).start, clock.now());
      }
      await syncDirectory(directory);
      this.#segments = this.#segments.filter((segment) => !released.includes(segment));
      for (const { file } of released) await rm(file, { force: true });
      await syncDirectory(directory);
    }
    await dedup.removeExpired(clock.now());
  }

  hold(): LogHold {
    this.#mustBeOpen();
    this.#holdCount += 1;
    let isHeld = true;
    return {
      files: () => listLogFiles(this.#options.directory, this.#segments, this.#end),
      release: () => {
        if (isHeld) this.#holdCount -= 1;
        isHeld = false;
      },
    };
  }

  /** Lets what was begun become durable, then frees the directory. */
  async close(): Promise<void> {
    this.#closing ??= this.#writer.close().then(this.#options.unlock);
    for (const { wake } of [...this.#waiters]) wake();
    await this.#closing;
  }

  #grow(end: Position): void {
    this.#end = end;
    for (const waiter of [...this.#waiters]) if (end > waiter.position) waiter.wake();
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new MargayError('LOG_CLOSED', 'The log is closed.');
  }
}

function keyReused(key: string): MargayError {
  return new MargayError('LOG_KEY_REUSED', `The key '${key}' was used for other content, or for another log type.`, {
    hint: 'Nothing was stored. Send this content with a new key.',
  });
}
