import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { problemOf, toMargayError } from './problem-response.ts';

/**
 * Answers with NDJSON, a line for each value as it comes. What fails before the first value is an error response like
 * any other; what fails later is the last line, `{"kind":"failed","problem":…}`, because the status is sent by then.
 */
export async function sendLines(reply: FastifyReply, values: AsyncIterable<unknown>): Promise<FastifyReply> {
  const iterator = values[Symbol.asyncIterator]();
  const first = await iterator.next();
  reply.type('application/x-ndjson; charset=utf-8');
  return reply.send(Readable.from(linesOf(first, iterator), { objectMode: true, highWaterMark: 16 }));
}

async function* linesOf(first: IteratorResult<unknown>, iterator: AsyncIterator<unknown>): AsyncGenerator<string> {
  try {
    if (first.done) return;
    yield lineOf(first.value);
    for (;;) {
      const next = iterator.next();
      while (!(await isSettledSoon(next))) yield '\n';
      const step = await next;
      if (step.done) return;
      yield lineOf(step.value);
    }
  } catch (error) {
    yield lineOf({ kind: 'failed', problem: problemOf(toMargayError(error)) });
  } finally {
    await iterator.return?.();
  }
}

/** Whoever waits gives up on a connection that says nothing for minutes. */
const aliveMs = 15_000;

async function isSettledSoon(step: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const settled = step.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, sleep(aliveMs, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
