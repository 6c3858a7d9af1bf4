import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** What the server answers. `break` cuts the connection. */
export type Answer =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status?: number; readonly text: string }
  | 'break';

/** A real HTTP server that answers as a test says and remembers what it was asked. */
export interface AnsweringServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startAnsweringServer(
  answer: (request: SeenRequest, index: number) => Answer | Promise<Answer>,
): Promise<AnsweringServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing);
  });
  const respond = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: await buffer(incoming),
    };
    requests.push(request);
    const given = await answer(request, requests.length - 1);
    if (given === 'break') {
      incoming.socket.destroy();
      return;
    }
    const problem = (given.status ?? 200) >= 400 && 'json' in given;
    const type = 'text' in given ? 'text/html' : problem ? 'application/problem+json' : 'application/json';
    outgoing.writeHead(given.status ?? 200, { 'content-type': type, ...('headers' in given ? given.headers : {}) });
    outgoing.end('text' in given ? given.text : JSON.stringify(given.json));
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
