import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an incoming webhook of Slack takes: the parts that are drawn. */
export interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly SlackBlock[];
}

/** A block of a message. */
export interface SlackBlock {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly text?: string | { readonly text: string } }[];
}

/** A real HTTP server in the place of Slack. */
export interface SlackReceiver {
  readonly url: string;
  readonly messages: readonly SlackMessage[];
  close(): Promise<void>;
}

const maxBytes = 1_000_000;

/** Starts a receiver on a free loopback port. It answers `ok`, as Slack does, and keeps what it got. */
export async function startSlackReceiver(): Promise<SlackReceiver> {
  const messages: SlackMessage[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
      if (body.length > maxBytes) request.destroy();
    });
    request.on('end', () => {
      messages.push(JSON.parse(body) as SlackMessage);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T000/B000/demo`,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
