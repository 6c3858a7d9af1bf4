import { crc32 } from 'node:zlib';
import type { Position } from '../../model/log-record.ts';

/**
 * A frame, the unit of the log:
 *
 *   marker 4 | payload bytes 4 | bytes since the start of its group 4 | payload CRC-32 4 | header CRC-32 4 | payload
 *
 * The header's checksum also covers the frame's position and the segment's secret salt, so that bytes inside a
 * sender's body can't pass for a frame. A group is what one fsync made durable: a group that follows shows
 * that everything before it had been acknowledged.
 */
export interface FrameHeader {
  readonly payloadBytes: number;
  /** The position of the first frame that was written together with this one. */
  readonly groupStart: Position;
  readonly payloadCrc: number;
}

export const frameHeaderBytes = 20;
const marker = Buffer.from('MGF1');

/** The bytes of a frame that will stand at a position. */
export function encodeFrame(payload: Buffer, position: Position, groupStart: Position, salt: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  marker.copy(frame);
  frame.writeUInt32LE(payload.length, 4);
  frame.writeUInt32LE(position - groupStart, 8);
  frame.writeUInt32LE(crc32(payload), 12);
  frame.writeUInt32LE(headerCrc(frame, position, salt), 16);
  payload.copy(frame, frameHeaderBytes);
  return frame;
}

/** The header at the start of the bytes, or `undefined` where no frame starts. */
export function decodeFrameHeader(bytes: Buffer, position: Position, salt: Buffer): FrameHeader | undefined {
  if (bytes.length < frameHeaderBytes || bytes.compare(marker, 0, 4, 0, 4) !== 0) return undefined;
  if (bytes.readUInt32LE(16) !== headerCrc(bytes, position, salt)) return undefined;
  return {
    payloadBytes: bytes.readUInt32LE(4),
    groupStart: position - bytes.readUInt32LE(8),
    payloadCrc: bytes.readUInt32LE(12),
  };
}

/** Whether the payload is whole. */
export function isIntact(header: FrameHeader, payload: Buffer): boolean {
  return payload.length === header.payloadBytes && crc32(payload) === header.payloadCrc;
}

/** Where the next marker stands in the bytes at or after an offset, or -1. */
export function findMarker(bytes: Buffer, from: number): number {
  return bytes.indexOf(marker, from);
}

function headerCrc(header: Buffer, position: Position, salt: Buffer): number {
  const place = Buffer.alloc(8);
  place.writeBigUInt64LE(BigInt(position));
  return crc32(header.subarray(0, 16), crc32(place, crc32(salt)));
}
