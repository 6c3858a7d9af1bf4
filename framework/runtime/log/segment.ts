import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Position } from '../../model/log-record.ts';
import { corruptLog } from './corrupt-log.ts';
import { readAt } from './read-at.ts';
import { syncDirectory } from './sync-directory.ts';

/** A file of the log. Its header is: magic 8 | start position 8 | salt 16 | CRC-32 4; frames follow. */
export interface Segment {
  readonly file: string;
  /** The position of its first frame. */
  readonly start: Position;
  readonly salt: Buffer;
}

export const segmentHeaderBytes = 36;
const magic = Buffer.from('MARGAYL1');
const namePattern = /^\d{16}\.log$/;
const leftOverPattern = /^\d{16}\.(log|keys)\.tmp$/;

/** Makes an empty segment. Its file appears whole or not at all. */
export async function createSegment(directory: string, start: Position): Promise<Segment> {
  const salt = randomBytes(16);
  const header = Buffer.alloc(segmentHeaderBytes);
  magic.copy(header);
  header.writeBigUInt64LE(BigInt(start), 8);
  salt.copy(header, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 32)), 32);
  const file = join(directory, `${String(start).padStart(16, '0')}.log`);
  const handle = await open(`${file}.tmp`, 'w');
  try {
    await handle.writeFile(header);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
  await syncDirectory(directory);
  return { file, start, salt };
}

/**
 * The segments of a directory, oldest first. Left-overs of an interrupted creation are removed.
 *
 * @throws LOG_CORRUPT when a header is damaged or a segment between two others is missing.
 */
export async function listSegments(directory: string): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await readdir(directory)).sort()) {
    if (leftOverPattern.test(name)) await rm(join(directory, name), { force: true });
    else if (namePattern.test(name)) segments.push(await readSegmentHeader(join(directory, name)));
  }
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next && (await segmentEnd(segment)) !== next.start) {
      throw corruptLog(
        segment.file,
        0,
        `It ends at ${await segmentEnd(segment)}, the next one starts at ${next.start}.`,
      );
    }
  }
  return segments;
}

/** The position after the last byte of a segment's file. */
export async function segmentEnd(segment: Segment): Promise<Position> {
  return segment.start + (await stat(segment.file)).size - segmentHeaderBytes;
}

/** Where a position stands in the segment's file. */
export function fileOffset(segment: Segment, position: Position): number {
  return segmentHeaderBytes + position - segment.start;
}

async function readSegmentHeader(file: string): Promise<Segment> {
  const handle: FileHandle = await open(file, 'r');
  try {
    const header = await readAt(handle, 0, segmentHeaderBytes);
    const isWhole = header.length === segmentHeaderBytes && header.compare(magic, 0, 8, 0, 8) === 0;
    if (!isWhole || header.readUInt32LE(32) !== crc32(header.subarray(0, 32))) {
      throw corruptLog(file, 0, 'Its header is damaged.');
    }
    return { file, start: Number(header.readBigUInt64LE(8)), salt: header.subarray(16, 32) };
  } finally {
    await handle.close();
  }
}
