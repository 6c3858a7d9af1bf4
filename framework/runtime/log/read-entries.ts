import { open } from 'node:fs/promises';
import type { LogEntry, Position } from '../../model/log-record.ts';
import { corruptLog } from './corrupt-log.ts';
import { decodeFrameHeader, frameHeaderBytes, isIntact } from './frame.ts';
import { readAt } from './read-at.ts';
import { decodePayload } from './record-payload.ts';
import { fileOffset, type Segment } from './segment.ts';

/**
 * Entries of one segment from a position up to `end`, until about `maxBytes` are read, at least one.
 *
 * @throws LOG_CORRUPT when no whole frame stands where one should.
 */
export async function readEntries(
  segment: Segment,
  from: Position,
  end: Position,
  maxBytes: number,
): Promise<readonly LogEntry[]> {
  const handle = await open(segment.file, 'r');
  try {
    const limit = Math.min(end - from, Math.max(maxBytes, frameHeaderBytes));
    let bytes = await readAt(handle, fileOffset(segment, from), limit);
    const entries: LogEntry[] = [];
    let at = 0;
    while (at < bytes.length) {
      const position = from + at;
      const rest = bytes.subarray(at);
      const isCut = rest.length < frameHeaderBytes && position + rest.length < end;
      if (isCut && entries.length > 0) break;
      const header = decodeFrameHeader(rest, position, segment.salt);
      if (!header) throw corruptLog(segment.file, fileOffset(segment, position), 'No frame starts there.');
      const frameBytes = frameHeaderBytes + header.payloadBytes;
      if (frameBytes > rest.length && entries.length > 0) break;
      if (frameBytes > rest.length) bytes = await readAt(handle, fileOffset(segment, from), frameBytes);
      const payload = bytes.subarray(at + frameHeaderBytes, at + frameBytes);
      if (!isIntact(header, payload))
        throw corruptLog(segment.file, fileOffset(segment, position), 'Its checksum differs.');
      entries.push({ position, next: position + frameBytes, record: decodePayload(payload) });
      at += frameBytes;
    }
    return entries;
  } finally {
    await handle.close();
  }
}
