import { type FileHandle, open } from 'node:fs/promises';
import type { Position } from '../../model/log-record.ts';
import { MargayError } from '../../model/margay-error.ts';
import { encodeFrame, frameHeaderBytes } from './frame.ts';
import { createSegment, fileOffset, type Segment } from './segment.ts';

/** Where a payload came to stand. */
export interface Place {
  readonly position: Position;
  readonly next: Position;
}

interface Waiting {
  readonly payload: Buffer;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupWriterOptions {
  readonly directory: string;
  readonly segment: Segment;
  readonly end: Position;
  readonly maxSegmentBytes: number;
  readonly onSegment: (segment: Segment) => void;
  readonly onDurable: (end: Position) => void;
}

const maxGroupBytes = 16 * 1024 * 1024;

/**
 * Writes payloads in the order given. What arrives while a write is under way shares the next write and fsync.
 * After a failed write or fsync nothing is known about the file's end, so it refuses to go on.
 */
export class GroupWriter {
  readonly #options: GroupWriterOptions;
  #segment: Segment;
  #handle: FileHandle | undefined;
  #end: Position;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #failure: MargayError | undefined;

  constructor(options: GroupWriterOptions) {
    this.#options = options;
    this.#segment = options.segment;
    this.#end = options.end;
  }

  /** @throws LOG_WRITE_FAILED */
  write(payload: Buffer): Promise<Place> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#queue.push({ payload, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything written so far is durable or refused, and the file is closed. */
  async close(): Promise<void> {
    await this.#running;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // lets appends of the same turn join the first group
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        const places = await this.#writeGroup(group);
        this.#options.onDurable(this.#end);
        for (const [index, { resolve }] of group.entries()) resolve(places[index] as Place);
      } catch (cause) {
        this.#fail(cause, group);
      }
    }
    this.#running = undefined;
  }

  #takeGroup(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { payload } of this.#queue) {
      if (count > 0 && bytes + payload.length > maxGroupBytes) break;
      bytes += payload.length;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #writeGroup(group: readonly Waiting[]): Promise<readonly Place[]> {
    if (this.#end - this.#segment.start >= this.#options.maxSegmentBytes) await this.#roll();
    this.#handle ??= await open(this.#segment.file, 'r+');
    const groupStart = this.#end;
    let position = groupStart;
    const frames: Buffer[] = [];
    const places = group.map(({ payload }): Place => {
      const place = { position, next: position + frameHeaderBytes + payload.length };
      frames.push(encodeFrame(payload, position, groupStart, this.#segment.salt));
      position = place.next;
      return place;
    });
    await writeFully(this.#handle, Buffer.concat(frames), fileOffset(this.#segment, groupStart));
    await this.#handle.datasync();
    this.#end = position;
    return places;
  }

  async #roll(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    this.#segment = await createSegment(this.#options.directory, this.#end);
    this.#options.onSegment(this.#segment);
  }

  #fail(cause: unknown, group: readonly Waiting[]): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#failure = new MargayError('LOG_WRITE_FAILED', `The log could not be written: ${reason}`, {
      hint: 'Nothing is accepted until the runtime is restarted. Check the disk: is it full?',
      cause,
    });
    for (const { reject } of [...group, ...this.#queue]) reject(this.#failure);
    this.#queue = [];
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}
