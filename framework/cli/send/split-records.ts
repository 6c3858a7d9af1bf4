import { MargayError } from '../../model/margay-error.ts';
import { ByteWindow } from './byte-window.ts';
import { detectFormat, skipBlanks } from './detect-format.ts';
import { isBlank, JsonScanner } from './json-scanner.ts';

/** One record of an input, on one line. */
export interface InputRecord {
  /** `undefined`: it is larger than allowed, and was skipped. */
  readonly bytes: Buffer | undefined;
  /** Where it starts in the decompressed input. */
  readonly offset: number;
  /** Its length there. */
  readonly length: number;
  /** The key of the envelope that it came in; it has to go out in such a one. */
  readonly envelope?: string | undefined;
}

/** How to split an input. */
export interface SplitOptions {
  /** A whole document up to this size is one record; the elements of a larger envelope are records. */
  readonly documentBytes: number;
  /** The largest record that is held in memory. */
  readonly maxRecordBytes: number;
}

/**
 * The records of NDJSON, a JSON array, or a JSON object (one record, or an envelope such as CloudTrail's),
 * whatever it is, with memory bounded by the largest record. A malformed line is a record too: the runtime files
 * it as a dead letter.
 *
 * @throws CLI_INPUT_INVALID when an array or envelope does not end, or something follows it.
 */
export async function* splitRecords(
  chunks: AsyncIterable<Uint8Array>,
  options: SplitOptions,
): AsyncGenerator<InputRecord> {
  const window = new ByteWindow(chunks);
  const format = await detectFormat(window, options.documentBytes);
  if (format.kind === 'array') {
    window.take(1);
    yield* splitElements(window, options, undefined);
    if (await skipBlanks(window)) throw invalid('Something follows the JSON array', window.offset);
  } else if (format.kind === 'envelope') {
    window.take(format.prefixBytes);
    yield* splitElements(window, options, format.key);
    // The rest of the envelope holds no records.
    const rest = new JsonScanner();
    rest.scan(Buffer.from('{'), 0);
    await takeValue(window, rest, 0);
    yield* splitLines(window, options);
  } else {
    if (format.kind === 'document') yield await takeRecord(window, options, undefined);
    yield* splitLines(window, options);
  }
}

async function* splitElements(
  window: ByteWindow,
  options: SplitOptions,
  envelope: string | undefined,
): AsyncGenerator<InputRecord> {
  while (await skipBlanks(window)) {
    const byte = window.bytes[0];
    if (byte === 0x5d || byte === 0x2c) {
      window.take(1);
      if (byte === 0x5d) return;
    } else {
      yield await takeRecord(window, options, envelope);
    }
  }
  throw invalid('The JSON array does not end', window.offset);
}

/** Takes one value, however many lines it has. */
async function takeRecord(
  window: ByteWindow,
  { maxRecordBytes }: SplitOptions,
  envelope: string | undefined,
): Promise<InputRecord> {
  const offset = window.offset;
  const bytes = await takeValue(window, new JsonScanner(), maxRecordBytes);
  return { bytes: bytes && onOneLine(bytes), offset, length: window.offset - offset, envelope };
}

/** Takes what is left of a value; `undefined` when it is larger than `keepBytes`. */
async function takeValue(window: ByteWindow, scanner: JsonScanner, keepBytes: number): Promise<Buffer | undefined> {
  let scanned = 0;
  let kept = true;
  for (;;) {
    const end = scanner.scan(window.bytes, scanned);
    if (end >= 0) {
      // A stray bracket is a value of its own, or nothing would ever be taken.
      const length = Math.max(end, 1);
      const value = kept && length <= keepBytes ? Buffer.from(window.bytes.subarray(0, length)) : undefined;
      window.take(length);
      return value;
    }
    scanned = window.bytes.length;
    if (scanned > keepBytes) {
      kept = false;
      window.take(scanned);
      scanned = 0;
    }
    if (!(await window.more())) throw invalid('A JSON value does not end', window.offset);
  }
}

async function* splitLines(window: ByteWindow, { maxRecordBytes }: SplitOptions): AsyncGenerator<InputRecord> {
  for (;;) {
    const offset = window.offset;
    let kept = true;
    let searched = 0;
    let end = window.bytes.indexOf(0x0a);
    let ended = false;
    while (end < 0 && !ended) {
      searched = window.bytes.length;
      if (searched > maxRecordBytes) {
        kept = false;
        window.take(searched);
        searched = 0;
      }
      ended = !(await window.more());
      end = window.bytes.indexOf(0x0a, searched);
    }
    const line = window.bytes.subarray(0, end < 0 ? window.bytes.length : end);
    const bytes = kept && line.length <= maxRecordBytes ? trimBlanks(Buffer.from(line)) : undefined;
    window.take(end < 0 ? line.length : end + 1);
    if (bytes === undefined || bytes.length > 0) yield { bytes, offset, length: window.offset - offset };
    if (end < 0) return;
  }
}

function trimBlanks(line: Buffer): Buffer {
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(line[start] as number)) start++;
  while (end > start && isBlank(line[end - 1] as number)) end--;
  return line.subarray(start, end);
}

/** Raw line breaks stand between tokens only; JSON has none inside of strings. */
function onOneLine(bytes: Buffer): Buffer {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0x0a || bytes[i] === 0x0d) bytes[i] = 0x20;
  return bytes;
}

function invalid(found: string, offset: number): MargayError {
  return new MargayError('CLI_INPUT_INVALID', `${found} (byte ${offset} of the decompressed input).`, {
    hint: 'Send NDJSON, a JSON array, a JSON object, or gzip of these.',
  });
}
