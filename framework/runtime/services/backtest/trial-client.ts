import { type ChildProcess, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { entryUrl } from '../../../model/entry-url.ts';
import { MargayError } from '../../../model/margay-error.ts';
import type { TrialAnswer, TrialReply, TrialRequest, TrialSetup } from './trial-message.ts';

type Ask = TrialRequest extends infer R ? (R extends unknown ? Omit<R, 'sequence'> : never) : never;

interface Waiter {
  readonly resolve: (answer: TrialAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** How much a trial may take. */
export interface TrialLimits {
  /** From its start to its end. */
  readonly timeoutMs: number;
}

/** A process in which detections are tried. */
export interface TrialProcess {
  /** Requests are answered in order. @throws RUNTIME_TRIAL_FAILED, and what loading a bundle throws */
  ask(request: Ask): Promise<TrialAnswer>;
  /** Ends the process, whatever it does. */
  close(): Promise<void>;
}

/** The heap of the process itself: the matches of both sides. */
const maxHeapMb = 1_536;

/**
 * Starts a process for a trial: without environment and standard streams, with Node's permissions for reading this
 * package and starting its workers and for nothing else, and without network. It ends at its time limit, when the
 * signal aborts, or with this process.
 *
 * @throws RUNTIME_TRIAL_FAILED, DETECT_LOAD_FAILED, DETECT_LOAD_TIMEOUT, DETECT_WORKER_DIED
 */
export async function openTrial(setup: TrialSetup, limits: TrialLimits, signal?: AbortSignal): Promise<TrialProcess> {
  const trial = startProcess(limits, signal);
  try {
    await trial.ask({ kind: 'open', setup });
    return trial;
  } catch (error) {
    await trial.close();
    throw error;
  }
}

function startProcess({ timeoutMs }: TrialLimits, signal: AbortSignal | undefined): TrialProcess {
  const waiting = new Map<number, Waiter>();
  const child = forkTrial();
  let sequence = 0;
  let end: MargayError | undefined;

  const fail = (error: MargayError): void => {
    end ??= error;
    for (const waiter of waiting.values()) waiter.reject(end);
    waiting.clear();
  };
  const stop = (error: MargayError): void => {
    fail(error);
    child.kill('SIGKILL');
  };
  const onAbort = (): void => stop(failed('It was given up by its caller.'));
  const timer = setTimeout(() => stop(failed(`It took longer than ${timeoutMs / 1_000} s.`, shorter)), timeoutMs);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  child.on('message', (reply: TrialReply) => {
    const waiter = waiting.get(reply.sequence);
    waiting.delete(reply.sequence);
    if ('answer' in reply) waiter?.resolve(reply.answer);
    else waiter?.reject(new MargayError(reply.code, reply.message, { hint: reply.hint }));
  });
  child.on('error', (error) => fail(failed(error.message)));
  child.on('exit', (code, killedBy) =>
    fail(failed(`Its process ended with ${killedBy ?? `exit code ${code}`}.`, shorter)),
  );

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (end) return reject(end);
        sequence++;
        waiting.set(sequence, { resolve, reject });
        child.send({ ...request, sequence } as TrialRequest, (error) => {
          if (error) fail(failed(error.message));
        });
      }),
    close: async () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      fail(failed('It was closed.'));
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const shorter = 'Try fewer days, or a narrower condition.';

function failed(reason: string, hint?: string): MargayError {
  return new MargayError('RUNTIME_TRIAL_FAILED', `The detection could not be tried to the end. ${reason}`, { hint });
}

function forkTrial(): ChildProcess {
  const entry = entryUrl(import.meta.url, '../../trial-process.ts');
  const child = fork(entry, {
    // Secrets are in the environment: the process gets none of it.
    env: {},
    execArgv: [...permissions(fileURLToPath(new URL('../..', entry))), `--max-old-space-size=${maxHeapMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // Where memory runs out, Linux is to end the trial and not the runtime; elsewhere there is no such file.
  if (child.pid !== undefined) writeFile(`/proc/${child.pid}/oom_score_adj`, '1000').catch(() => undefined);
  return child;
}

/** Node's permission model, under the name that this version has for it. It refuses what is not named here. */
function permissions(folder: string): readonly string[] {
  const flag = ['--permission', '--experimental-permission'].find((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  );
  return flag ? [flag, '--allow-worker', `--allow-fs-read=${folder}*`] : [];
}
