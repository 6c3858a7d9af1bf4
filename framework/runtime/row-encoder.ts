import { Worker } from 'node:worker_threads';
import { entryUrl } from '../model/entry-url.ts';
import type { DeadLetter } from '../model/event.ts';
import type { BatchRecord } from '../model/log-record.ts';
import type { LogType } from '../model/log-type.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import type { PackedTable } from './lake/index.ts';

/** What the worker is asked. */
export interface EncodeRequest {
  readonly id: number;
  readonly batches: readonly BatchRecord[];
  /** From here on these; absent: the same as before. */
  readonly logTypes?: readonly LogType[] | undefined;
  readonly firstSequence: number;
  /** The detect consumer records the dead letters of what comes in. */
  readonly withDeadLetters: boolean;
}

/** What the worker answers. */
export type EncodeReply =
  | { readonly id: number; readonly encoded: EncodedBatches; readonly failure?: never }
  | { readonly id: number; readonly failure: string; readonly encoded?: never };

/** What became of batches. */
export interface EncodedBatches {
  readonly tables: readonly PackedTable[];
  /** `[]` unless they were asked for. */
  readonly deadLetters: readonly DeadLetter[];
}

/** Normalises and encodes batches for the lake in a thread of its own. */
export interface RowEncoder {
  /**
   * The rows of batches that were accepted by the bundle of the catalog.
   *
   * @param firstSequence - As many numbers from here on as the bodies have bytes belong to this call: no record has less.
   * @throws when the thread dies; the next call starts another.
   */
  encode(
    batches: readonly BatchRecord[],
    catalog: BundleCatalog,
    firstSequence: number,
    options?: { readonly withDeadLetters: boolean },
  ): Promise<EncodedBatches>;
  close(): Promise<void>;
}

interface Waiting {
  readonly id: number;
  resolve(encoded: EncodedBatches): void;
  reject(error: Error): void;
}

const maxHeapMb = 1_024;

/** Creates an encoder; its thread starts with the first call. */
export function createRowEncoder(): RowEncoder {
  let worker: Worker | undefined;
  /** The bundle whose log types the thread has. */
  let digest: string | undefined;
  let waiting: readonly Waiting[] = [];
  let lastId = 0;

  const settle = (reply: EncodeReply): void => {
    const request = waiting.find(({ id }) => id === reply.id);
    waiting = waiting.filter(({ id }) => id !== reply.id);
    if (reply.encoded) request?.resolve(reply.encoded);
    else request?.reject(new Error(reply.failure));
  };
  const start = (): Worker => {
    const started = new Worker(entryUrl(import.meta.url, './lake-worker.ts'), {
      name: 'margay-lake',
      env: {},
      argv: [],
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    let reason = 'the thread ended';
    started.on('message', settle);
    started.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    started.on('exit', () => {
      worker = undefined;
      digest = undefined;
      for (const { reject } of waiting) reject(new Error(`rows could not be encoded: ${reason}`));
      waiting = [];
    });
    started.unref();
    return started;
  };
  return {
    encode: (batches, catalog, firstSequence, { withDeadLetters } = { withDeadLetters: false }) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        const logTypes = digest === catalog.digest ? undefined : catalog.bundle.logTypes;
        digest = catalog.digest;
        lastId += 1;
        waiting = [...waiting, { id: lastId, resolve, reject }];
        // Copied and handed over: the bodies share the memory that the log was read into.
        const copies = batches.map((batch) => ({ ...batch, body: new Uint8Array(batch.body) }));
        const request: EncodeRequest = { id: lastId, batches: copies, logTypes, firstSequence, withDeadLetters };
        worker.postMessage(
          request,
          copies.map(({ body }) => body.buffer),
        );
      }),
    close: async () => {
      await worker?.terminate();
    },
  };
}
