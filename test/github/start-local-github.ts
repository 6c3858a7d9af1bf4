import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { BareRepository } from './bare-repository.ts';
import { type Answer, type GithubState, type Json, loginOf, refuse, type TokenKind } from './github-state.ts';
import { openShapes, type Shapes } from './openapi-shapes.ts';
import { routes } from './routes.ts';

/** The next request that fits is answered so. */
export interface Fault {
  readonly method: string;
  /** The end of the path. */
  readonly path: string;
  readonly status: number;
  /** Whether the request is carried out before it is answered: the answer got lost. */
  readonly isDone?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A GitHub of one repository, `team/detections`, on this machine. */
export interface LocalGithub {
  readonly url: string;
  readonly state: GithubState;
  /** Whether requests and responses were held against the official description. */
  readonly hasShapes: boolean;
  /** What did not hold. */
  readonly wrongShapes: readonly string[];
  /** `METHOD /path` of every request. */
  readonly requests: readonly string[];
  fail(fault: Fault): void;
  close(): Promise<void>;
}

/** The token of each kind. They look like secrets, so that a test can search output for them. */
export function tokenOf(kind: TokenKind): string {
  return `ghx_local_${kind}_0123456789`;
}

const kinds: readonly TokenKind[] = ['actions', 'fork', 'user', 'admin'];
let shapes: Shapes | undefined | null = null;

/**
 * Starts the server over a new bare repository in a folder that does not exist yet.
 *
 * Shapes are validated where the package of `test/github` is installed; without it everything else works, and the
 * server says on standard error that shapes were not validated.
 */
export async function startLocalGithub(folder: string): Promise<LocalGithub> {
  mkdirSync(folder, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  if (shapes === null) {
    shapes = openShapes(Object.keys(routes));
    if (!shapes) process.stderr.write('GitHub shapes were NOT validated: run `npm ci --prefix test/github`.\n');
  }
  const state: GithubState = {
    git: new BareRepository(folder),
    pulls: [],
    comments: [],
    checks: [],
    deployments: [],
    rulesets: [],
    environments: new Map(),
    nextId: 100,
  };
  const log = { wrong: [] as string[], requests: [] as string[], faults: [] as Fault[] };
  const server = createServer((request, response) => {
    serve(request, state, log).then(
      (answer) => send(response, answer),
      (error) => send(response, refuse(500, String(error))),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    hasShapes: shapes !== undefined,
    wrongShapes: log.wrong,
    requests: log.requests,
    fail: (fault) => void log.faults.push(fault),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Headed = Answer & { readonly headers?: Readonly<Record<string, string>> };

async function serve(
  request: IncomingMessage,
  state: GithubState,
  log: { wrong: string[]; requests: string[]; faults: Fault[] },
): Promise<Headed> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  // A GitHub Enterprise Server serves the same under this prefix.
  const path = url.pathname.replace(/^\/api\/v3/, '');
  const method = request.method ?? 'GET';
  log.requests.push(`${method} ${path}`);
  const sent = await text(request);
  const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const kind = kinds.find((it) => tokenOf(it) === token);
  if (!kind) return refuse(401, 'Bad credentials');
  const found = findRoute(method, path);
  if (!found) return refuse(404, 'Not Found');
  const fault = takeFault(log.faults, method, path);
  if (fault && !fault.isDone) {
    const words = fault.headers?.['retry-after'] ? 'You have exceeded a secondary rate limit.' : 'injected';
    return { ...refuse(fault.status, words), headers: fault.headers ?? {} };
  }
  if (kind === 'fork' && method !== 'GET') return refuse(403, 'Resource not accessible by integration');
  const body = (sent === '' ? {} : JSON.parse(sent)) as Json;
  const wrong = shapes?.request(found.name, url.searchParams, body) ?? [];
  log.wrong.push(...wrong.map((it) => `${found.name}: request: ${it}`));
  if (wrong.length > 0) return refuse(422, 'Invalid request', wrong);
  const call = { state, path: found.parts, query: url.searchParams, body, kind, login: loginOf(kind) };
  const answer = paged((routes[found.name] as (typeof routes)[string])(call), url);
  if (fault) return refuse(fault.status, 'injected');
  const held = shapes?.response(found.name, answer.status, answer.body);
  if (!held) return answer;
  if (answer.status < 300) log.wrong.push(...held.wrong.map((it) => `${found.name}: response: ${it}`));
  return { ...answer, body: answer.status < 300 ? held.body : answer.body };
}

function takeFault(faults: Fault[], method: string, path: string): Fault | undefined {
  const index = faults.findIndex((it) => it.method === method && path.endsWith(it.path));
  return index < 0 ? undefined : faults.splice(index, 1)[0];
}

/** The route with as many parts that fits; a part in braces fits anything. */
function findRoute(method: string, path: string) {
  const asked = path.split('/').map(decodeURIComponent);
  for (const name of Object.keys(routes)) {
    const template = name.slice(method.length + 1).split('/');
    if (!name.startsWith(`${method} `) || template.length !== asked.length) continue;
    if (!template.every((part, index) => part.startsWith('{') || part === asked[index])) continue;
    const parts = template.flatMap((part, at) => (part.startsWith('{') ? [[part.slice(1, -1), asked[at]]] : []));
    return { name, parts: Object.fromEntries(parts) as Record<string, string> };
  }
  return undefined;
}

function paged(answer: Answer, url: URL): Headed {
  if (!answer.items) return answer;
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const page = Number(url.searchParams.get('page') ?? 1);
  const body = answer.items.slice((page - 1) * size, page * size);
  if (page * size >= answer.items.length) return { ...answer, body };
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return { ...answer, body, headers: { link: `<${next}>; rel="next"` } };
}

function send(response: ServerResponse, { status, body, headers }: Headed): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
