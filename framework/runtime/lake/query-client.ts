import { type ChildProcess, fork } from 'node:child_process';
import { entryUrl } from '../../model/entry-url.ts';
import type { QueryResult } from '../../model/lake.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { Row } from '../../model/table.ts';
import { queryAborted } from './query-lane.ts';
import type { QueryReply, QueryRequest } from './query-message.ts';

type RunRequest = Omit<Extract<QueryRequest, { kind: 'run' }>, 'id' | 'kind'>;

interface Running {
  readonly child: ChildProcess;
  readonly resolve: (result: QueryResult) => void;
  readonly reject: (error: unknown) => void;
  readonly startedAtMs: number;
}

/** How long a query may take to notice that it was interrupted, before its process is ended. */
const graceMs = 2_000;

/** Runs queries in a process of its own, which starts with the first one and again after it died. */
export class QueryClient {
  readonly #running = new Map<number, Running>();
  #child: ChildProcess | undefined;
  #lastId = 0;
  #isClosed = false;

  /** @throws LAKE_QUERY_FAILED, LAKE_QUERY_TIMEOUT, LAKE_QUERY_ABORTED, LAKE_NUMBER_TOO_LARGE, LAKE_CLOSED */
  async run(request: RunRequest, signal?: AbortSignal): Promise<QueryResult> {
    if (signal?.aborted) throw queryAborted();
    if (this.#isClosed) throw new MargayError('LAKE_CLOSED', 'The lake is closed.');
    this.#lastId += 1;
    const id = this.#lastId;
    const { timeoutMs } = request.limits;
    let stopped: MargayError | undefined;
    let grace: NodeJS.Timeout | undefined;
    const stop = (reason: MargayError): void => {
      const child = this.#running.get(id)?.child;
      if (!child?.connected) return; // its end fails the query
      stopped ??= reason;
      child.send({ kind: 'interrupt', id } satisfies QueryRequest);
      grace ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    };
    const onAbort = (): void => stop(queryAborted());
    const timer = setTimeout(() => stop(timedOut(timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    try {
      return await this.#send(id, request);
    } catch (error) {
      throw stopped ?? error;
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the process; queries that run are given up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.ref();
    child.kill('SIGKILL');
    await ended;
  }

  #send(id: number, request: RunRequest): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      if (!this.#child?.connected) this.#child = this.#start();
      const child = this.#child;
      this.#running.set(id, { child, resolve, reject, startedAtMs: performance.now() });
      child.send({ kind: 'run', id, ...request } satisfies QueryRequest, (error) => {
        if (error) this.#failAll(child, `It could not be asked: ${error.message}.`);
      });
    });
  }

  /** Secrets are in the environment: the process gets none of it. */
  #start(): ChildProcess {
    const child = fork(entryUrl(import.meta.url, './query-process.ts'), {
      env: {},
      execArgv: ['--max-old-space-size=512'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (reply: QueryReply) => this.#settle(reply));
    child.on('error', (error) => this.#failAll(child, error.message));
    child.on('exit', (code, signal) => {
      this.#failAll(child, `It ended with ${signal ?? `exit code ${code}`}; out of memory, perhaps.`);
    });
    child.unref();
    child.channel?.unref();
    return child;
  }

  #settle(reply: QueryReply): void {
    const running = this.#running.get(reply.id);
    this.#running.delete(reply.id);
    if (!running) return;
    if ('code' in reply) {
      running.reject(new MargayError(reply.code, reply.message));
      return;
    }
    const { columns, rowsJson, truncated } = reply.answer;
    const rows = JSON.parse(rowsJson) as readonly Row[];
    running.resolve({ columns, rows, truncated, durationMs: performance.now() - running.startedAtMs });
  }

  #failAll(child: ChildProcess, reason: string): void {
    for (const [id, running] of this.#running) {
      if (running.child !== child) continue;
      this.#running.delete(id);
      running.reject(
        new MargayError('LAKE_QUERY_FAILED', `The query process can't answer. ${reason}`, {
          hint: 'The next query starts a new one.',
        }),
      );
    }
  }
}

function timedOut(timeoutMs: number): MargayError {
  return new MargayError('LAKE_QUERY_TIMEOUT', `The query took longer than ${timeoutMs} ms.`, {
    hint: 'Narrow the time range, or give it a longer timeout.',
  });
}
