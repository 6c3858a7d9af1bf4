import type { Bundle } from '../../model/bundle.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import type { BatchRecord } from '../../model/log-record.ts';
import type { DetectResult, HistoryInput, RowsInput } from './detector.ts';
import type { GuardedFunction } from './progress.ts';

/** What a worker is started with. */
export interface WorkerInput {
  readonly bundle: Bundle;
  /** Rule id → version of what does not run at all. */
  readonly quarantined: ReadonlyMap<string, string>;
  readonly interruptions: readonly Interruption[];
  readonly progress: SharedArrayBuffer;
}

/**
 * A detection that stopped a worker. It runs for what came before, up to and including the event that it stopped
 * at (without the function that it stopped in), and never after: the same however often a batch is sent again.
 */
export interface Interruption {
  /** Index in the bundle. */
  readonly detection: number;
  /** {@link requestKey} of what was evaluated. */
  readonly key: string;
  /** Requests with a lower sequence number were sent before, and are evaluated in full. */
  readonly sequence: number;
  readonly event: number;
  readonly functionName: GuardedFunction;
  readonly errorClass: 'Timeout' | 'OutOfMemory';
  readonly message: string;
}

/** What is to be evaluated. */
export type Work =
  | { readonly kind: 'batch'; readonly batch: BatchRecord; readonly only?: readonly string[] | undefined }
  | { readonly kind: 'rows'; readonly input: RowsInput }
  | { readonly kind: 'history'; readonly input: HistoryInput };

/** A request to the worker. They are answered in order. */
export interface WorkerRequest {
  readonly sequence: number;
  readonly work: Work;
}

/** What a worker found; {@link DetectResult.quarantined} is known to the other side alone. */
export type WorkerResult = Omit<DetectResult, 'quarantined'>;

/** What the worker says. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'failed-to-load';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint?: string | undefined;
    }
  | { readonly kind: 'result'; readonly sequence: number; readonly result: WorkerResult }
  | { readonly kind: 'failed'; readonly sequence: number; readonly message: string };

/** What stays the same when the same work is asked for again. */
export function requestKey(work: Work): string {
  if (work.kind === 'batch') return `batch ${work.batch.key}`;
  if (work.kind === 'history') return `history ${work.input.detectionId} ${work.input.key}`;
  const { queryId, detectionId, stage = '', scheduledAtMs } = work.input;
  return `rows ${queryId} ${detectionId} ${stage} ${scheduledAtMs}`;
}
