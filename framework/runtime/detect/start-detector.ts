import { MargayError } from '../../model/margay-error.ts';
import { batchDeadLetter } from './batch-dead-letter.ts';
import { boundBacktracking } from './bound-backtracking.ts';
import type { Detector, DetectorOptions, DetectResult } from './detector.ts';
import { type GuardedWorker, type Stop, startGuardedWorker } from './guarded-worker.ts';
import { createInterruptions } from './interruptions.ts';
import { judgeStop, noStops, type StopRecord } from './judge-stop.ts';
import { requestKey, type Work, type WorkerMessage, type WorkerRequest } from './worker-messages.ts';

interface Outstanding extends WorkerRequest {
  /** How workers stopped while this was evaluated. */
  stops: StopRecord;
  resolve(result: DetectResult): void;
  reject(error: Error): void;
}

const maxDeathsInARow = 5;

/**
 * Starts a detector: a worker with the bundle loaded, and the watchdog over it.
 *
 * A worker that hangs or dies (out of memory) is ended, and what was on its way is sent to a new one. A detection is
 * quarantined when the second worker hangs in it, or dies in any, over the same request: the first time the machine
 * may have stood still, or the detection may merely have been the last of many. Results count when they arrive, all at
 * once, so nothing is lost or doubled.
 *
 * @throws DETECT_LOAD_FAILED, DETECT_LOAD_TIMEOUT, DETECT_WORKER_DIED
 */
export async function startDetector(options: DetectorOptions): Promise<Detector> {
  boundBacktracking();
  const detector = new GuardedDetector(options);
  await detector.start();
  return detector;
}

/**
 * States: running (a worker) → replacing (none; requests wait) → running; from either → closing (no new requests;
 * those under way go on, through replacements too) → closed, or failed when no worker can be had any more.
 */
class GuardedDetector implements Detector {
  readonly #options: DetectorOptions;
  readonly #ids: ReadonlySet<string>;
  readonly #interruptions;
  /** In the order of the calls, which is that of the answers. */
  readonly #outstanding = new Map<number, Outstanding>();
  readonly #underWay = new Set<Promise<unknown>>();
  #worker: GuardedWorker | undefined;
  #closing: Promise<void> | undefined;
  #end: MargayError | undefined;
  #sequence = 0;
  #deathsInARow = 0;

  constructor(options: DetectorOptions) {
    this.#options = options;
    this.#ids = new Set(options.bundle.detections.map(({ id }) => id));
    this.#interruptions = createInterruptions(options.bundle.detections, options.clock);
  }

  async start(): Promise<void> {
    const { bundle, quarantined = new Map(), hangMs = 1_000, maxHeapMb = 1_024 } = this.#options;
    const worker = await startGuardedWorker({
      input: { bundle, quarantined, interruptions: this.#interruptions.all() },
      hangMs,
      maxHeapMb,
      onMessage: (message) => this.#settle(message),
      onStop: (stop) => this.#recover(stop),
    });
    if (this.#end) return worker.close();
    this.#worker = worker;
    for (const request of this.#outstanding.values()) worker.post(workerRequest(request));
  }

  async processBatch(...[batch, options]: Parameters<Detector['processBatch']>): Promise<DetectResult> {
    for (const id of options?.only ?? []) this.#requireKnown(id);
    return this.#send({ kind: 'batch', batch, only: options?.only });
  }

  async processRows(input: Parameters<Detector['processRows']>[0]): Promise<DetectResult> {
    this.#requireKnown(input.detectionId);
    return this.#send({ kind: 'rows', input });
  }

  async processHistory(input: Parameters<Detector['processHistory']>[0]): Promise<DetectResult> {
    this.#requireKnown(input.detectionId);
    return this.#send({ kind: 'history', input });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // A hang among them still ends: the watchdog looks on.
    await Promise.allSettled(this.#underWay);
    this.#fail(closed());
    await this.#worker?.close();
  }

  #requireKnown(id: string): void {
    if (this.#ids.has(id)) return;
    throw new MargayError('DETECT_DETECTION_UNKNOWN', `The bundle has no detection '${id}'.`, {
      hint: 'The id is the path below detections/, without the ending.',
    });
  }

  #send(work: Work): Promise<DetectResult> {
    const end = this.#end ?? (this.#closing && closed());
    if (end) return Promise.reject(end);
    const result = new Promise<DetectResult>((resolve, reject) => {
      this.#sequence++;
      const request: Outstanding = { sequence: this.#sequence, work, stops: noStops, resolve, reject };
      this.#outstanding.set(request.sequence, request);
      this.#worker?.post(workerRequest(request));
    });
    this.#underWay.add(result);
    const forget = (): void => void this.#underWay.delete(result);
    result.then(forget, forget);
    return result;
  }

  #settle(message: Extract<WorkerMessage, { readonly sequence: number }>): void {
    const request = this.#outstanding.get(message.sequence);
    if (!request) return;
    this.#deathsInARow = 0;
    this.#outstanding.delete(message.sequence);
    if (message.kind === 'failed') request.reject(evaluationFailed(message.message));
    else
      request.resolve({ ...message.result, quarantined: this.#interruptions.quarantinedBy(requestKey(request.work)) });
  }

  #recover(stop: Stop): void {
    this.#worker = undefined;
    const request = this.#outstanding.get(stop.at.request);
    if (request) this.#blame(request, stop);
    if (stop.cause === 'death') this.#deathsInARow++;
    if (this.#deathsInARow >= maxDeathsInARow) this.#fail(died(stop.message));
    else this.start().catch((error: MargayError) => this.#fail(error));
  }

  /** Finds out what stopped the worker, and sees to it that it does not stop the next. */
  #blame(request: Outstanding, stop: Stop): void {
    const { judgement, record } = judgeStop(request.stops, stop);
    request.stops = record;
    if (judgement === 'quarantine') this.#interruptions.add(request, stop);
    if (judgement === 'set-aside') this.#setAside(request, `The worker ended twice over this: ${stop.message}.`);
  }

  #setAside(request: Outstanding, reason: string): void {
    this.#outstanding.delete(request.sequence);
    if (request.work.kind !== 'batch') request.reject(evaluationFailed(reason));
    else {
      const deadLetters = [batchDeadLetter(request.work.batch, 'DETECT_EVALUATION_FAILED', reason)];
      const none = { matches: [], errors: [], errorCounts: [], eventCount: 0, quarantined: [], stopped: [] };
      request.resolve({ ...none, deadLetters });
    }
  }

  #fail(error: MargayError): void {
    this.#end ??= error;
    const waiting = [...this.#outstanding.values()];
    this.#outstanding.clear();
    for (const request of waiting) request.reject(error);
  }
}

function workerRequest({ sequence, work }: WorkerRequest): WorkerRequest {
  return { sequence, work };
}

function closed(): MargayError {
  return new MargayError('DETECT_CLOSED', 'The detector is closed.', { hint: 'Start another.' });
}

function evaluationFailed(message: string): MargayError {
  return new MargayError('DETECT_EVALUATION_FAILED', `The rows could not be evaluated: ${message}`);
}

function died(message: string): MargayError {
  return new MargayError(
    'DETECT_WORKER_DIED',
    `The detection worker died ${maxDeathsInARow} times in a row: ${message}`,
    {
      hint: 'The bundle, or the batches, may need more memory than the worker may use.',
    },
  );
}
