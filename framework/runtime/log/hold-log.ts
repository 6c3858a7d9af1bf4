import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Log, Position } from '../../model/log-record.ts';
import { fileOffset, type Segment } from './segment.ts';

/** A log that can be copied while it is written. */
export interface OpenLog extends Log {
  /** Keeps every file of the log from now on, also those that every consumer has passed, until it is released. */
  hold(): LogHold;
}

/** A log whose files stay. */
export interface LogHold {
  /** What holds everything durable at this moment: segments, the last one up to where it is whole, and keys. */
  files(): Promise<readonly LogFile[]>;
  release(): void;
}

/** A file of the log, of which the first bytes are to be copied. */
export interface LogFile {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** The files that hold the log up to a position. */
export async function listLogFiles(
  directory: string,
  segments: readonly Segment[],
  end: Position,
): Promise<readonly LogFile[]> {
  const whole = segments.filter(({ start }) => start <= end);
  const files = whole.map((segment, index): LogFile => {
    const segmentEnd = whole[index + 1]?.start ?? end;
    return { name: basename(segment.file), file: segment.file, bytes: fileOffset(segment, segmentEnd) };
  });
  const keys = (await readdir(directory)).filter((name) => name.endsWith('.keys')).sort();
  const ofKeys = keys.map(async (name): Promise<LogFile> => {
    const file = join(directory, name);
    return { name, file, bytes: (await stat(file)).size };
  });
  return [...files, ...(await Promise.all(ofKeys))];
}
