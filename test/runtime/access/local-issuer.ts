import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

/** How a token is made otherwise than GitHub makes it. */
export interface Forgery {
  readonly header?: Json;
  /** Of other claims; `undefined` leaves one out. */
  readonly claims?: Json;
  readonly key?: KeyObject;
  readonly sign?: (input: string) => Buffer;
}

/** An identity provider as GitHub's, on a free port of this machine. */
export interface LocalIssuer {
  readonly url: string;
  readonly publicKey: KeyObject;
  /** Answers with these keys from now on; `hang` never answers, `fail` answers with 500. */
  serve(keys: 'current' | 'hang' | 'fail'): void;
  /** Signs with another key from now on, which it serves as well. */
  rotate(): void;
  jwks(): { readonly keys: readonly Json[] };
  token(forgery?: Forgery): string;
  close(): Promise<void>;
}

/** The claims that the policy of the tests wants. */
export const goodClaims = {
  ...{ aud: 'https://margay.example.com', repository_id: '1001', repository_owner_id: '2002' },
  ...{ repository: 'acme/detections', ref: 'refs/heads/main', environment: 'live', event_name: 'push', run_id: '77' },
  job_workflow_ref: 'acme/detections/.github/workflows/deploy.yml@refs/heads/main',
  sha: 'c'.repeat(40),
};

/** Starts one. */
export async function startLocalIssuer(): Promise<LocalIssuer> {
  const draw = () => ({ kid: randomUUID(), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) });
  let current = draw();
  let mode = 'current';
  const jwks = () => ({
    keys: [{ ...current.publicKey.export({ format: 'jwk' }), kid: current.kid, alg: 'RS256', use: 'sig' }],
  });
  const server = createServer((_request, response) => {
    if (mode === 'hang') return;
    response.writeHead(mode === 'fail' ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    get publicKey() {
      return current.publicKey;
    },
    jwks,
    serve: (next) => {
      mode = next;
    },
    rotate: () => {
      current = draw();
    },
    token: ({ header, claims, key = current.privateKey, ...forged } = {}) => {
      const iat = Math.floor(Date.now() / 1_000);
      const payload = { iss: url, ...goodClaims, jti: randomUUID(), iat, nbf: iat, exp: iat + 300, ...claims };
      const input = [{ alg: 'RS256', typ: 'JWT', kid: current.kid, ...header }, payload].map(encode).join('.');
      const signature = forged.sign?.(input) ?? sign('sha256', Buffer.from(input), key);
      return `${input}.${signature.toString('base64url')}`;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An HMAC whose secret is a text that everybody knows. */
export function hmacWith(secret: string): (input: string) => Buffer {
  return (input) => createHmac('sha256', secret).update(input).digest();
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
