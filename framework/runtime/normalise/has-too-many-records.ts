import { maxBatchRecords } from '../../model/batch-limit.ts';
import type { LogType } from '../../model/log-type.ts';
import { skipBlanks } from './blank-bytes.ts';
import { readRecords } from './read-records.ts';
import { type Piece, splitBody } from './split-body.ts';

/**
 * Whether a body has more records than a batch may have. Lines that hold a record each are counted, which costs next to
 * nothing; arrays and envelopes are parsed, but only those with so many commas and lines that they may hold so many.
 */
export function hasTooManyRecords(body: Uint8Array, logType: LogType): boolean {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const { lineCount, hasArrays } = readLines(bytes);
  if (lineCount > maxBatchRecords && splitBody(bytes, (piece) => isJson(bytes, piece)).rest) return true;
  if (!hasArrays && logType.records === undefined) return false;
  if (lineCount + countByte(bytes, 0x2c) < maxBatchRecords) return false;
  for (const { outcome } of readRecords(body, logType, JSON.parse))
    if (outcome.fault?.code === 'NORMALISE_BATCH_TOO_LONG') return true;
  return false;
}

/** Empty lines count for nothing. */
function readLines(bytes: Buffer): { readonly lineCount: number; readonly hasArrays: boolean } {
  let lineCount = 0;
  let hasArrays = false;
  for (let at = skipBlanks(bytes, 0); at < bytes.length && lineCount <= maxBatchRecords; lineCount++) {
    hasArrays ||= bytes[at] === 0x5b;
    const end = bytes.indexOf(0x0a, at);
    at = end < 0 ? bytes.length : skipBlanks(bytes, end);
  }
  return { lineCount, hasArrays };
}

/** No further than matters. */
function countByte(bytes: Buffer, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at >= 0 && count < maxBatchRecords; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}

function isJson(bytes: Buffer, { start, end }: Piece): boolean {
  try {
    JSON.parse(bytes.toString('utf8', start, end));
    return true;
  } catch {
    return false;
  }
}
