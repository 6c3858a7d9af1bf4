import { Worker } from 'node:worker_threads';
import { entryUrl } from '../../model/entry-url.ts';
import { MargayError } from '../../model/margay-error.ts';
import { createProgressCells, readProgress, type Snapshot } from './progress.ts';
import { createWatchdog } from './watchdog.ts';
import type { WorkerInput, WorkerMessage, WorkerRequest } from './worker-messages.ts';

/** What a worker is started with, and who hears of it. */
export interface GuardedWorkerOptions {
  readonly input: Omit<WorkerInput, 'progress'>;
  readonly hangMs: number;
  readonly maxHeapMb: number;
  onMessage(message: Extract<WorkerMessage, { readonly sequence: number }>): void;
  /** Once, after the thread is gone, unless it was closed. */
  onStop(stop: Stop): void;
}

/** How a worker that was ready came to its end. */
export interface Stop {
  readonly cause: 'hang' | 'death';
  readonly at: Snapshot;
  readonly message: string;
}

/** A worker that is ready for requests. */
export interface GuardedWorker {
  post(request: WorkerRequest): void;
  close(): Promise<void>;
}

/**
 * Starts a worker thread without environment, standard streams or options of its parent, and with a bounded heap.
 * Resolves when the bundle is loaded.
 *
 * @throws DETECT_LOAD_FAILED, DETECT_LOAD_TIMEOUT, DETECT_WORKER_DIED
 */
export function startGuardedWorker(options: GuardedWorkerOptions): Promise<GuardedWorker> {
  const progress = createProgressCells();
  const worker = spawn({ ...options.input, progress }, options.maxHeapMb);
  let state: 'starting' | 'ready' | 'stopped' = 'starting';
  let waiting = 0;
  let lastError: Error | undefined;

  return new Promise((resolve, reject) => {
    const stop = (cause: Stop['cause'], message: string, at = readProgress(progress)): void => {
      if (state === 'stopped') return;
      const wasReady = state === 'ready';
      state = 'stopped';
      watchdog.stop();
      void worker.terminate().then(() => {
        if (wasReady) options.onStop({ cause, at, message });
        else reject(loadError(cause, message, at, options.hangMs));
      });
    };
    const watchdog = createWatchdog({
      read: () => readProgress(progress),
      hangMs: options.hangMs,
      onHang: (at) => stop('hang', `did not return within ${options.hangMs} ms`, at),
    });
    const close = async (): Promise<void> => {
      state = 'stopped';
      watchdog.stop();
      await worker.terminate();
    };
    const post = (request: WorkerRequest): void => {
      waiting++;
      watchdog.start();
      postRequest(worker, request);
    };
    worker.on('error', (error) => {
      lastError = error;
    });
    worker.on('exit', () => stop('death', lastError?.message ?? 'The thread ended.'));
    worker.on('message', (message: WorkerMessage) => {
      if (state === 'stopped') return;
      if (message.kind === 'failed-to-load') {
        void close().then(() => reject(new MargayError(message.code, message.message, { hint: message.hint })));
      } else if (message.kind === 'ready') {
        state = 'ready';
        watchdog.stop();
        resolve({ post, close });
      } else {
        waiting--;
        if (waiting === 0) watchdog.stop();
        options.onMessage(message);
      }
    });
    watchdog.start();
  });
}

function spawn(input: WorkerInput, maxHeapMb: number): Worker {
  const worker = new Worker(entryUrl(import.meta.url, '../detect-worker.ts'), {
    name: 'margay-detect',
    workerData: input,
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

/** The body is copied, and the copy handed over: the original is kept for the case that it has to be sent again. */
function postRequest(worker: Worker, request: WorkerRequest): void {
  const { work } = request;
  if (work.kind !== 'batch') worker.postMessage(request);
  else {
    const body = new Uint8Array(work.batch.body);
    worker.postMessage({ ...request, work: { ...work, batch: { ...work.batch, body } } }, [body.buffer]);
  }
}

function loadError(cause: Stop['cause'], message: string, at: Snapshot, hangMs: number): MargayError {
  if (cause === 'hang' && at.phase === 'loading') {
    return new MargayError(
      'DETECT_LOAD_TIMEOUT',
      `The bundle's code did not finish loading within ${hangMs * 10} ms.`,
      {
        hint: 'Code outside of functions runs once, when the bundle is loaded. It must not loop for long.',
      },
    );
  }
  return new MargayError('DETECT_WORKER_DIED', `The detection worker ended while it started: ${message}`, {
    hint: 'The bundle may need more memory than the worker may use.',
  });
}
