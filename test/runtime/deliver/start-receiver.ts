import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the receiver got it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real HTTP server that answers what the test says. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** @param answer - Called per request; the default answers 200. */
export async function startReceiver(
  answer: (response: ServerResponse, request: Received, index: number) => void = (response) => void response.end('ok'),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const entry = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(entry);
      answer(response, entry, received.length - 1);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with these statuses in turn, the last one from then on. */
export function answerInTurn(
  ...answers: readonly { status: number; headers?: Record<string, string>; body?: string }[]
) {
  return (response: ServerResponse, _: Received, index: number): void => {
    const {
      status,
      headers = {},
      body = '',
    } = answers[Math.min(index, answers.length - 1)] as (typeof answers)[number];
    response.writeHead(status, headers).end(body);
  };
}
