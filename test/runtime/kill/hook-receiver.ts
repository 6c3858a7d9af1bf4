import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real webhook endpoint that remembers which notifications it got, however often. */
export interface HookReceiver {
  readonly url: string;
  /** Notification id → how often it came. */
  readonly received: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts a receiver on a free loopback port. */
export async function startHookReceiver(): Promise<HookReceiver> {
  const received = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const id = String(request.headers['idempotency-key']);
      received.set(id, (received.get(id) ?? 0) + 1);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
