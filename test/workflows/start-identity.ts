import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What gives the jobs of a workflow their identity, as a runner of GitHub does. */
export interface Identity {
  /** What a job with `id-token: write` finds in its environment. */
  env(sha: string): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts one. @param sign - Makes a token with these claims. */
export async function startIdentity(sign: (claims: Readonly<Record<string, string>>) => string): Promise<Identity> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const asked = (name: string): string => url.searchParams.get(name) ?? '';
    const isKnown = request.headers.authorization === 'Bearer of-the-job';
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isKnown ? { value: sign({ aud: asked('audience'), sha: asked('sha') }) } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    env: (sha) => ({
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}?sha=${sha}`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
    }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
