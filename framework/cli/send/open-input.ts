import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MargayError } from '../../model/margay-error.ts';

/** Something to send. */
export interface Input {
  /** Decompressed. @throws CLI_INPUT_INVALID while iterating, when it is gzip that cannot be decompressed. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** SHA-256 of the file as it lies there; `undefined` for standard input. */
  readonly digest: string | undefined;
  /** Size of the file as it lies there; `undefined` for standard input. */
  readonly totalBytes: number | undefined;
  /** How much of it was read so far. */
  readBytes(): number;
}

const chunkBytes = 1024 * 1024;

/**
 * Opens a file, or standard input as `-`. Gzip is told by its first two bytes, not by the name.
 *
 * @throws CLI_FILE_UNREADABLE
 */
export async function openInput(path: string): Promise<Input> {
  if (path === '-') return trackInput(process.stdin, undefined, undefined);
  try {
    const { size } = await stat(path);
    const digest = await digestFile(path);
    return trackInput(createReadStream(path, { highWaterMark: chunkBytes }), digest, size);
  } catch (cause) {
    throw new MargayError('CLI_FILE_UNREADABLE', `'${path}' cannot be read: ${(cause as Error).message}.`, {
      hint: "Give a file, or '-' for standard input.",
      cause,
    });
  }
}

function trackInput(
  source: AsyncIterable<Uint8Array>,
  digest: string | undefined,
  totalBytes: number | undefined,
): Input {
  let readBytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      readBytes += chunk.length;
      yield chunk;
    }
  };
  return { chunks: decompress(counted()), digest, totalBytes, readBytes: () => readBytes };
}

async function* decompress(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const { done, value } = await source.next();
    if (done) ended = true;
    else head = Buffer.concat([head, value]);
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    yield* source;
  };
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole();
    return;
  }
  try {
    // The callback takes the error that the iteration throws as well.
    yield* pipeline(Readable.from(whole()), createGunzip({ chunkSize: chunkBytes }), () => {});
  } catch (cause) {
    throw new MargayError('CLI_INPUT_INVALID', `The gzip input is damaged: ${(cause as Error).message}.`, {
      hint: 'What came before the damage was sent. Get the file again, and send it again.',
      cause,
    });
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
