import type { ByteWindow } from './byte-window.ts';
import { isBlank } from './json-scanner.ts';

/** What an input is made of, told from its start. */
export type InputFormat =
  | { readonly kind: 'lines' }
  | { readonly kind: 'array' }
  /** One JSON object over several lines. Lines may follow it. */
  | { readonly kind: 'document' }
  /** An object larger than a batch, that starts with an array: `{"Records": [`. */
  | { readonly kind: 'envelope'; readonly key: string; readonly prefixBytes: number };

const envelopeStart = /^\{\s*("(?:[^"\\]|\\.)*")\s*:\s*\[/;

/**
 * Tells the format, with the window at its first byte afterwards. Reads at most a little more than
 * `documentBytes`.
 *
 * What starts with an object is lines if the first line (or the second, when it is large) is a whole object, and
 * a document if all of it is one.
 */
export async function detectFormat(window: ByteWindow, documentBytes: number): Promise<InputFormat> {
  await skipByteOrderMark(window);
  if (!(await skipBlanks(window))) return { kind: 'lines' };
  if (window.bytes[0] === 0x5b) return { kind: 'array' };
  if (window.bytes[0] !== 0x7b) return { kind: 'lines' };
  let ended = false;
  while (!ended && window.bytes.length <= documentBytes) {
    if (isLine(window.bytes, 0, documentBytes)) return { kind: 'lines' };
    ended = !(await window.more());
  }
  if (ended) return { kind: isJson(window.bytes) ? 'document' : 'lines' };
  if (isLine(window.bytes, 0, documentBytes) || isLine(window.bytes, 1, documentBytes)) return { kind: 'lines' };
  const start = envelopeStart.exec(window.bytes.toString('utf8', 0, 4_096));
  if (!start) return { kind: 'document' };
  return { kind: 'envelope', key: JSON.parse(start[1] as string) as string, prefixBytes: Buffer.byteLength(start[0]) };
}

/** Takes white space; `false` at the end of the input. */
export async function skipBlanks(window: ByteWindow): Promise<boolean> {
  for (;;) {
    const { bytes } = window;
    let blanks = 0;
    while (blanks < bytes.length && isBlank(bytes[blanks] as number)) blanks++;
    window.take(blanks);
    if (blanks < bytes.length) return true;
    if (!(await window.more())) return false;
  }
}

async function skipByteOrderMark(window: ByteWindow): Promise<void> {
  let ended = false;
  while (window.bytes.length < 3 && !ended) ended = !(await window.more());
  const [first, second, third] = window.bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) window.take(3);
}

/** Whether a line ends within so many bytes, and is a JSON object. */
function isLine(bytes: Buffer, index: 0 | 1, withinBytes: number): boolean {
  const start = index === 0 ? 0 : bytes.indexOf(0x0a) + 1;
  const end = bytes.indexOf(0x0a, start);
  return end > 0 && end <= withinBytes && bytes[start] === 0x7b && isJson(bytes.subarray(start, end));
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
