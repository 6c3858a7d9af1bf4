import { type ChildProcess, fork } from 'node:child_process';
import { entryUrl } from '../../model/entry-url.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { Row } from '../../model/table.ts';
import { queryAborted } from './query-lane.ts';
import type { QueryEnd, QueryReply, QueryRequest, QueryTask } from './query-message.ts';
import { ReplyQueue } from './reply-queue.ts';

interface Running {
  readonly child: ChildProcess;
  readonly replies: ReplyQueue;
}

/** How long a query may take to notice that it was interrupted, before its process is ended. */
const graceMs = 2_000;

/** Runs queries in a process of its own, which starts with the first one and again after it died. */
export class QueryClient {
  readonly #niceness: number;
  readonly #running = new Map<number, Running>();
  #child: ChildProcess | undefined;
  #lastId = 0;
  #isClosed = false;

  /** @param niceness - How far behind the runtime its queries stand for the processor: 0 to 19. */
  constructor(niceness: number) {
    this.#niceness = niceness;
  }

  /**
   * The rows in pieces; a piece is fetched while the one before is read, and none earlier. Left before its end, the
   * query is stopped.
   *
   * @throws LAKE_QUERY_FAILED, LAKE_QUERY_TIMEOUT, LAKE_QUERY_ABORTED, LAKE_NUMBER_TOO_LARGE, LAKE_CLOSED
   */
  async *read(task: QueryTask, signal?: AbortSignal): AsyncGenerator<readonly Row[], QueryEnd, void> {
    if (signal?.aborted) throw queryAborted();
    if (this.#isClosed) throw new MargayError('LAKE_CLOSED', 'The lake is closed.');
    this.#lastId += 1;
    const id = this.#lastId;
    const { child, replies } = this.#ask(id, task);
    const stopper = new Stopper(child, id);
    const timer = setTimeout(() => stopper.stop(timedOut(task.timeoutMs)), task.timeoutMs);
    const onAbort = (): void => stopper.stop(queryAborted());
    signal?.addEventListener('abort', onAbort);
    try {
      for (;;) {
        const reply = await replies.next();
        if ('code' in reply) throw new MargayError(reply.code, reply.message, { hint: reply.hint });
        if (stopper.reason && reply.end) throw stopper.reason;
        if (stopper.reason) continue;
        const rows = JSON.parse(reply.rowsJson) as readonly Row[];
        if (rows.length > 0) yield rows;
        if (reply.end) return reply.end;
        if (child.connected) child.send({ kind: 'more', id } satisfies QueryRequest);
      }
    } catch (error) {
      throw stopper.reason ?? error;
    } finally {
      if (!replies.isEnded) stopper.stop(queryAborted());
      await replies.ended();
      clearTimeout(timer);
      stopper.dispose();
      signal?.removeEventListener('abort', onAbort);
      this.#running.delete(id);
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

  #ask(id: number, task: QueryTask): Running {
    if (!this.#child?.connected) this.#child = this.#start();
    const child = this.#child;
    const running = { child, replies: new ReplyQueue() };
    this.#running.set(id, running);
    child.send({ kind: 'run', id, ...task } satisfies QueryRequest, (error) => {
      if (error) this.#failAll(child, `It could not be asked: ${error.message}.`);
    });
    return running;
  }

  /** Secrets are in the environment: the process gets none of it. */
  #start(): ChildProcess {
    const child = fork(entryUrl(import.meta.url, './query-process.ts'), [String(this.#niceness)], {
      env: {},
      execArgv: ['--max-old-space-size=512'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (reply: QueryReply) => this.#running.get(reply.id)?.replies.add(reply));
    child.on('error', (error) => this.#failAll(child, error.message));
    child.on('exit', (code, signal) => {
      this.#failAll(child, `It ended with ${signal ?? `exit code ${code}`}; out of memory, perhaps.`);
    });
    child.unref();
    child.channel?.unref();
    return child;
  }

  #failAll(child: ChildProcess, reason: string): void {
    for (const running of this.#running.values()) {
      if (running.child !== child) continue;
      running.replies.fail(
        new MargayError('LAKE_QUERY_FAILED', `The query process can't answer. ${reason}`, {
          hint: 'The next query starts a new one. Where this one fails again, let it read less: a shorter time range, fewer columns.',
        }),
      );
    }
  }
}

/** Stops a query: asks it to end, and ends its process when it does not. */
class Stopper {
  readonly #child: ChildProcess;
  readonly #id: number;
  #reason: MargayError | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, id: number) {
    this.#child = child;
    this.#id = id;
  }

  /** Why it was stopped; `undefined`: it was not. */
  get reason(): MargayError | undefined {
    return this.#reason;
  }

  stop(reason: MargayError): void {
    if (!this.#child.connected) return; // its end fails the query
    this.#reason ??= reason;
    this.#child.send({ kind: 'interrupt', id: this.#id } satisfies QueryRequest);
    this.#grace ??= setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
  }

  dispose(): void {
    clearTimeout(this.#grace);
  }
}

function timedOut(timeoutMs: number): MargayError {
  return new MargayError('LAKE_QUERY_TIMEOUT', `The query took longer than ${timeoutMs} ms.`, {
    hint: "Narrow the time range, or read fewer columns. A scheduled query may have a longer 'timeout'.",
  });
}
