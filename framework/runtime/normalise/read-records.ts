import { isUtf8 } from 'node:buffer';
import { maxBatchRecords } from '../../model/batch-limit.ts';
import type { LogType } from '../../model/log-type.ts';
import { getPath, isRecord } from '../../model/path.ts';
import { skipBlanks } from './blank-bytes.ts';
import { maxDepth, maxRecordBytes } from './limits.ts';
import { measureRecord } from './measure-record.ts';
import { describe, faulty, type Outcome } from './record-fault.ts';
import { type Piece, splitBody } from './split-body.ts';

type RawRecord = Readonly<Record<string, unknown>>;

/** A record of a batch, or why it is none. */
export interface ReadRecord {
  readonly outcome: Outcome<RawRecord>;
  /** The start of the record as text. */
  readonly preview: (length: number) => string;
}

/**
 * The records of a body, in order, each parsed when it is asked for: NDJSON, a JSON array, one object, or
 * envelopes whose records stand at `logType.records`. A piece that is no record takes its place with a fault.
 * After {@link maxBatchRecords} of them comes one more, whose fault says how much was not read.
 */
export function* readRecords(
  body: Uint8Array,
  logType: LogType,
  parseJson: (text: string) => unknown,
): Generator<ReadRecord, void, void> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const allText = isUtf8(bytes);
  const parse = (piece: Piece): Outcome<unknown> => parsePiece(bytes, piece, logType, allText, parseJson);
  const { pieces, rest } = splitBody(bytes, (candidate) => parse(candidate).fault === undefined);
  let read = 0;
  for (const [index, piece] of pieces.entries()) {
    const linesAfter = pieces.length - index - 1 + (rest?.count ?? 0);
    if (read === maxBatchRecords) return yield leftOver(linesAfter + 1, previewOf(bytes, piece));
    const document = parse(piece);
    const isLarge = piece.end - piece.start > maxRecordBytes;
    const records = document.fault ? undefined : unwrap(document.value, logType);
    if (records === undefined) {
      yield {
        outcome: document.fault ? document : checkRecord(document.value, isLarge),
        preview: previewOf(bytes, piece),
      };
      read++;
      continue;
    }
    for (const [place, record] of records.entries()) {
      const preview: ReadRecord['preview'] = (length) => showRecord(record).slice(0, length);
      if (read === maxBatchRecords) return yield leftOver(records.length - place + linesAfter, preview);
      yield { outcome: checkRecord(record, isLarge), preview };
      read++;
    }
  }
  if (rest) yield leftOver(rest.count, previewOf(bytes, rest.first));
}

function previewOf(bytes: Buffer, { start, end }: Piece): ReadRecord['preview'] {
  return (length) => bytes.toString('utf8', start, Math.min(end, start + length));
}

function leftOver(count: number, preview: ReadRecord['preview']): ReadRecord {
  const reason = `The batch has more than ${maxBatchRecords} records. This one and what follows, ${count} in all, were not read; a line counts as one.`;
  return { outcome: faulty('NORMALISE_BATCH_TOO_LONG', reason), preview };
}

function parsePiece(
  bytes: Buffer,
  { start, end }: Piece,
  logType: LogType,
  allText: boolean,
  parseJson: (text: string) => unknown,
): Outcome<unknown> {
  const mayHoldMany = logType.records !== undefined || bytes[skipBlanks(bytes, start)] === 0x5b;
  if (end - start > maxRecordBytes && !mayHoldMany) return tooLarge(`has ${end - start} bytes`);
  if (!allText && !isUtf8(bytes.subarray(start, end))) {
    return faulty('NORMALISE_UTF8_INVALID', 'The record is not valid UTF-8.');
  }
  try {
    const text = bytes.toString('utf8', start, end);
    const value = parseJson(text);
    return { value: spellsHalves.test(text) ? replaceHalves(value) : value };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return faulty('NORMALISE_JSON_INVALID', `The record is not valid JSON: ${message.slice(0, 300)}.`);
  }
}

/** An escape of half a character, alone or with its other half. */
const spellsHalves = /\\u[dD][89a-fA-F]/;

/**
 * JSON may spell half a character, which no UTF-8 can hold: it becomes U+FFFD here, so that detections see what the
 * lake stores.
 */
function replaceHalves(value: unknown, depth = 2 * maxDepth): unknown {
  if (typeof value === 'string') return value.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  if (typeof value !== 'object' || value === null || depth === 0) return value; // deeper records are refused anyway
  if (Array.isArray(value)) return value.map((element) => replaceHalves(element, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [replaceHalves(key) as string, replaceHalves(inner, depth - 1)]),
  );
}

/** The records that a document holds; `undefined` where it is itself one. */
function unwrap(document: unknown, logType: LogType): readonly unknown[] | undefined {
  if (Array.isArray(document)) return document;
  const records = logType.records === undefined ? undefined : getPath(document, logType.records);
  return Array.isArray(records) ? records : undefined;
}

function checkRecord(record: unknown, isLarge: boolean): Outcome<RawRecord> {
  if (!isRecord(record))
    return faulty('NORMALISE_RECORD_TYPE', `A record must be an object; found ${describe(record)}.`);
  const size = measureRecord(record, isLarge);
  if (size === 'too deep') return faulty('NORMALISE_RECORD_TOO_DEEP', 'The record is nested deeper than 64 levels.');
  return size === 'too large' ? tooLarge('is larger than the limit') : { value: record };
}

function tooLarge(found: string): ReturnType<typeof faulty> {
  return faulty('NORMALISE_RECORD_TOO_LARGE', `The record ${found}; at most ${maxRecordBytes} are allowed.`);
}

function showRecord(record: unknown): string {
  try {
    return JSON.stringify(record) ?? '';
  } catch {
    return '(nested too deep to be shown)';
  }
}
