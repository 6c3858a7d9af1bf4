import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { MargayError } from '../../model/margay-error.ts';
import type { ByteBudget } from './byte-budget.ts';
import { bodyTooLarge } from './problem-response.ts';

/** How much a body may be. */
export interface BodyLimits {
  /** As it is sent. */
  readonly maxBodyBytes: number;
  /** After decompression. */
  readonly maxPlainBytes: number;
  readonly budget: ByteBudget;
}

/**
 * Gives a request's body, decompressed, to a function, and counts it against the budget until that has ended.
 * Gzip is known by `Content-Encoding` and by its first bytes, so that a file can be sent as it is.
 *
 * @throws API_BODY_TOO_LARGE, API_BUSY, API_MEDIA_TYPE_UNSUPPORTED, API_REQUEST_INVALID
 */
export async function withBody<T>(
  request: IncomingMessage,
  limits: BodyLimits,
  use: (body: Buffer) => Promise<T>,
): Promise<T> {
  let held = 0;
  const hold = (bytes: number): void => {
    limits.budget.take(bytes);
    held += bytes;
  };
  try {
    const isDeclared = isGzipDeclared(request);
    const sent = await receive(request, limits.maxBodyBytes, hold);
    const body = isDeclared || isGzip(sent) ? await gunzip(sent, limits.maxPlainBytes, hold) : sent;
    if (body.length > 0) return await use(body);
    throw new MargayError('API_REQUEST_INVALID', 'The request has no body.', { hint: 'Send what it is about.' });
  } finally {
    limits.budget.give(held);
  }
}

function isGzipDeclared(request: IncomingMessage): boolean {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  if (encoding === 'identity') return false;
  throw new MargayError('API_MEDIA_TYPE_UNSUPPORTED', `The encoding '${encoding}' is not read.`, {
    hint: 'Send the body as it is, or with Content-Encoding: gzip.',
  });
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** What is left of a body that is too large is not read here, and the connection stays: it carries the answer. */
async function receive(request: IncomingMessage, maxBytes: number, hold: (bytes: number) => void): Promise<Buffer> {
  try {
    return await collect(request.iterator({ destroyOnReturn: false }), maxBytes, hold);
  } catch (error) {
    if (error instanceof MargayError) throw error;
    throw new MargayError('API_REQUEST_INVALID', 'The connection broke before the body was complete.', {
      cause: error,
    });
  }
}

async function gunzip(sent: Buffer, maxBytes: number, hold: (bytes: number) => void): Promise<Buffer> {
  const stream = createGunzip();
  stream.end(sent);
  try {
    return await collect(stream, maxBytes, hold);
  } catch (error) {
    if (error instanceof MargayError) throw error;
    throw new MargayError('API_REQUEST_INVALID', 'The body is not valid gzip, or was cut short.', { cause: error });
  }
}

async function collect(
  stream: AsyncIterable<Buffer>,
  maxBytes: number,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes) throw bodyTooLarge(`The body has more than ${maxBytes} bytes.`);
    hold(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
