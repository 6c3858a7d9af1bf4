import { type FileHandle, open } from 'node:fs/promises';
import type { Position } from '../../model/log-record.ts';
import { corruptLog } from './corrupt-log.ts';
import type { SeenKey } from './dedup-index.ts';
import { decodeFrameHeader, findMarker, frameHeaderBytes, isIntact } from './frame.ts';
import { readAt } from './read-at.ts';
import { decodeHead, headBytes } from './record-payload.ts';
import { fileOffset, type Segment, segmentEnd } from './segment.ts';

/** What the end of a log that was not closed properly had lost: bytes that were never acknowledged. */
export interface LogNotice {
  readonly file: string;
  /** The position where the log now ends. */
  readonly position: Position;
  readonly droppedBytes: number;
}

/** What a segment holds. */
export interface SegmentScan {
  readonly keys: readonly SeenKey[];
  readonly end: Position;
  /** When its first record was appended; `undefined`: it has none. */
  readonly firstAppendedAtMs: number | undefined;
}

const headReadBytes = 1024;

/**
 * Walks over a segment that another one follows; reads heads only.
 *
 * @throws LOG_CORRUPT when the frames don't fill the file exactly.
 */
export async function scanSealedSegment(segment: Segment): Promise<SegmentScan> {
  return withFile(segment, 'r', async (handle) => {
    const fileEnd = await segmentEnd(segment);
    const scan = await walk(handle, segment, fileEnd, false);
    if (scan.end !== fileEnd)
      throw corruptLog(segment.file, fileOffset(segment, scan.end), 'No whole frame starts there.');
    return scan;
  });
}

/**
 * Walks over the last segment, checks every byte, and cuts off what a crash left behind the last whole frame.
 *
 * @throws LOG_CORRUPT when a damaged frame is followed by frames of a later group: it had been acknowledged.
 */
export async function recoverLastSegment(
  segment: Segment,
  onNotice: (notice: LogNotice) => void,
): Promise<SegmentScan> {
  return withFile(segment, 'r+', async (handle) => {
    const fileEnd = await segmentEnd(segment);
    const scan = await walk(handle, segment, fileEnd, true);
    if (scan.end === fileEnd) return scan;
    const later = await findLaterGroup(handle, segment, scan.end, fileEnd);
    if (later !== undefined) {
      const reason = `Whole frames follow at byte ${fileOffset(segment, later)}, so it is not an interrupted write.`;
      throw corruptLog(segment.file, fileOffset(segment, scan.end), reason);
    }
    await handle.truncate(fileOffset(segment, scan.end));
    await handle.sync();
    onNotice({ file: segment.file, position: scan.end, droppedBytes: fileEnd - scan.end });
    return scan;
  });
}

async function walk(
  handle: FileHandle,
  segment: Segment,
  fileEnd: Position,
  isThorough: boolean,
): Promise<SegmentScan> {
  const keys: SeenKey[] = [];
  let firstAppendedAtMs: number | undefined;
  let position = segment.start;
  while (position < fileEnd) {
    const start = await readAt(handle, fileOffset(segment, position), frameHeaderBytes + headReadBytes);
    const header = decodeFrameHeader(start, position, segment.salt);
    const next = position + frameHeaderBytes + (header?.payloadBytes ?? 0);
    if (!header || next > fileEnd) break;
    const payloadOffset = fileOffset(segment, position) + frameHeaderBytes;
    const wanted = isThorough ? header.payloadBytes : headBytes(start.subarray(frameHeaderBytes));
    const isRead = start.length - frameHeaderBytes >= wanted;
    const payload = isRead
      ? start.subarray(frameHeaderBytes, frameHeaderBytes + wanted)
      : await readAt(handle, payloadOffset, wanted);
    if (isThorough && !isIntact(header, payload)) break;
    const { record, appendedAtMs, content = '' } = decodeHead(payload);
    firstAppendedAtMs ??= appendedAtMs;
    if (record.kind === 'batch') keys.push({ key: record.key, position, next, appendedAtMs, content });
    position = next;
  }
  return { keys, end: position, firstAppendedAtMs };
}

/** The first intact frame after a damaged place that belongs to a group begun after it. */
async function findLaterGroup(
  handle: FileHandle,
  segment: Segment,
  damaged: Position,
  fileEnd: Position,
): Promise<Position | undefined> {
  const bytes = await readAt(handle, fileOffset(segment, damaged), fileEnd - damaged);
  for (let at = findMarker(bytes, 1); at !== -1; at = findMarker(bytes, at + 1)) {
    const header = decodeFrameHeader(bytes.subarray(at), damaged + at, segment.salt);
    if (header && header.groupStart > damaged) return damaged + at;
  }
  return undefined;
}

async function withFile<T>(segment: Segment, flags: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(segment.file, flags);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
