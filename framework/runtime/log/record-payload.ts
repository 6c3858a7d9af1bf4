import type { LogRecord } from '../../model/log-record.ts';

/** A payload's JSON part: the record without its body, and when it was appended. */
export interface PayloadHead {
  readonly record: LogRecord;
  readonly appendedAtMs: number;
}

const noBody = new Uint8Array();

/** The payload of a record: bytes of the head 4 | head as JSON | body. */
export function encodePayload(record: LogRecord, appendedAtMs: number): Buffer {
  const body = record.kind === 'batch' ? record.body : noBody;
  const fields = record.kind === 'batch' ? { ...record, body: undefined } : record;
  const head = Buffer.from(JSON.stringify({ appendedAtMs, record: fields }));
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
