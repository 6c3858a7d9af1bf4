import { createHash } from 'node:crypto';
import type { BatchRecord, LogRecord } from '../../model/log-record.ts';

/** A payload's JSON part: the record without its body, when it was appended, and a batch's {@link contentOf}. */
export interface PayloadHead {
  readonly record: LogRecord;
  readonly appendedAtMs: number;
  readonly content?: string;
}

const noBody = new Uint8Array();

/** A hash of what a batch says: two batches with the same one are the same to the log. */
export function contentOf({ logType, body }: BatchRecord): string {
  return createHash('sha256')
    .update(`${JSON.stringify(logType)}\n`)
    .update(body)
    .digest('base64url')
    .slice(0, 22);
}

/** The payload of a record: bytes of the head 4 | head as JSON | body. */
export function encodePayload(record: LogRecord, appendedAtMs: number, content?: string): Buffer {
  const body = record.kind === 'batch' ? record.body : noBody;
  const fields = record.kind === 'batch' ? { ...record, body: undefined } : record;
  const head = Buffer.from(JSON.stringify({ appendedAtMs, content, record: fields }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, body]);
}

/** The record in a payload; its body shares the payload's memory. */
export function decodePayload(payload: Buffer): LogRecord {
  const { record } = decodeHead(payload);
  return record.kind === 'batch' ? { ...record, body: payload.subarray(4 + payload.readUInt32LE(0)) } : record;
}

/** How many bytes of a payload {@link decodeHead} needs, from its first four. */
export function headBytes(start: Buffer): number {
  return 4 + start.readUInt32LE(0);
}

/** The JSON part of a payload; a batch's body is missing. */
export function decodeHead(start: Buffer): PayloadHead {
  return JSON.parse(start.toString('utf8', 4, headBytes(start))) as PayloadHead;
}
