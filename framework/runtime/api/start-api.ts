import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { MargayError } from '../../model/margay-error.ts';
import type { ApiServices } from './api-services.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { openBudget } from './byte-budget.ts';
import { describeFailure } from './describe-failure.ts';
import { checkHost, checkScopes, createGuard, type Identify } from './guard-requests.ts';
import { isLoopback } from './loopback.ts';
import { problemOf, problemType, toMargayError } from './problem-response.ts';
import { setCaller } from './request-caller.ts';
import { routeScopes } from './route-scopes.ts';
import { createRoutes, type Route } from './routes.ts';
import { retryAfterOfCode } from './status-of-code.ts';

/** What the API needs. */
export interface ApiOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The bearer token with every scope. It may be absent (or empty) on a loopback address alone. */
  readonly token?: string | undefined;
  /** Knows the other tokens. @defaultValue there are none */
  readonly identify?: Identify | undefined;
  readonly services: ApiServices;
  /** Hears of failures that are not the caller's, with stacks and causes, one line each. @defaultValue standard error */
  readonly log?: ((text: string) => void) | undefined;
  /** The largest body as sent; four times as much after decompression. @defaultValue 16 MiB */
  readonly maxBodyBytes?: number | undefined;
}

/** An API that listens. */
export interface Api {
  readonly url: string;
  /** Takes no more requests, lets those under way end within five seconds, and closes every connection. */
  close(): Promise<void>;
}

const mebibyte = 1_048_576;
const closeGraceMs = 5_000;

/**
 * Starts the HTTP API.
 *
 * @throws API_TOKEN_REQUIRED when the host is not a loopback address and there is no token.
 * @throws API_LISTEN_FAILED when the address is in use, or not one of this machine.
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { host, port, services, log = printLine, maxBodyBytes = 16 * mebibyte } = options;
  const { identify = async () => undefined } = options;
  const token = options.token || undefined;
  if (token === undefined && !isLoopback(host)) throw tokenRequired(host);
  const maxPlainBytes = 4 * maxBodyBytes;
  const limits = { maxBodyBytes, maxPlainBytes, budget: openBudget(4 * maxPlainBytes) };
  const app = createServer(maxBodyBytes, log);
  const guard = createGuard({ host, token, identify });
  const routes = createRoutes(services, limits);
  const open = new Set(routes.filter((route) => route.isOpen).map((route) => route.url));
  app.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    if (url !== undefined && open.has(url)) return checkHost(host, request.headers);
    const caller = await guard(request.headers, request.ip);
    if (url !== undefined) checkScopes(caller, routeScopes[`${request.method} ${url}`]);
    setCaller(request, caller);
  });
  for (const { method, url, handle } of routes) app.route({ method, url, handler: handle });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(routes, request.url);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    throw allowed.length > 0 ? methodNotAllowed(request.method, allowed) : routeUnknown(request.url);
  });
  await listen(app, host, port);
  return { url: urlOf(app, host), close: () => closeServer(app) };
}

function createServer(maxBodyBytes: number, log: (text: string) => void): FastifyInstance {
  const answer = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = toMargayError(thrown);
    const problem = problemOf(error);
    if (problem.status === 500) log(failureLine(error, request));
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    const retryAfter = retryAfterOfCode(error.code);
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    void reply.code(problem.status).type(problemType).send(JSON.stringify(problem));
  };
  const app = fastify({
    bodyLimit: maxBodyBytes,
    // The whole request must be in within two minutes, its headers within ten seconds.
    requestTimeout: 120_000,
    keepAliveTimeout: 30_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: answer,
    clientErrorHandler: answerBrokenRequest,
  });
  app.server.maxConnections = 1_024;
  app.removeAllContentTypeParsers();
  // Routes read their body themselves: streamed, decompressed and counted.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.setErrorHandler(answer);
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  return app;
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'something else listens there' : message;
    throw new MargayError('API_LISTEN_FAILED', `The API cannot listen on ${host}, port ${port}: ${reason}.`, {
      hint: 'Name another address, or port 0 for any free one.',
      cause,
    });
  }
}

async function closeServer(app: FastifyInstance): Promise<void> {
  const force = setTimeout(() => app.server.closeAllConnections(), closeGraceMs);
  await app.close();
  clearTimeout(force);
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

/** The methods that a path has. */
function methodsOf(routes: readonly Route[], url: string): readonly string[] {
  const segments = (url.split('?')[0] ?? '').split('/');
  return routes
    .filter((route) => {
      const pattern = route.url.split('/');
      return (
        pattern.length === segments.length && pattern.every((part, i) => part.startsWith(':') || part === segments[i])
      );
    })
    .map((route) => route.method);
}

/** `API_FAILED` says nothing by itself: what is behind it does. */
function failureLine(error: MargayError, { method, url }: FastifyRequest): string {
  const failure = error.code === 'API_FAILED' ? error.cause : error;
  const path = url.split('?')[0]?.slice(0, 200);
  return `${error.code} at ${method} ${path}: ${describeFailure(failure)}`;
}

function printLine(text: string): void {
  process.stderr.write(`${text}\n`);
}

function tokenRequired(host: string): MargayError {
  return new MargayError('API_TOKEN_REQUIRED', `The API would listen on ${host} for anyone, without a token.`, {
    hint: 'Set MARGAY_TOKEN to a long random text, or listen on 127.0.0.1.',
  });
}

function methodNotAllowed(method: string, allowed: readonly string[]): MargayError {
  return new MargayError('API_METHOD_NOT_ALLOWED', `This path has no ${method}.`, {
    hint: `It has ${allowed.join(', ')}.`,
  });
}

function routeUnknown(url: string): MargayError {
  return new MargayError('API_ROUTE_UNKNOWN', `The API has no path '${url.split('?')[0]?.slice(0, 200)}'.`, {
    hint: "The README lists the paths, under 'The API'.",
  });
}
