import { type IncomingHttpHeaders, request } from 'node:http';
import { afterEach } from 'vitest';
import { type Api, type ApiOptions, type ApiServices, startApi } from '../../../framework/runtime/api/index.ts';

const open: Api[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

/** What was asked of a service, in order. */
export type Calls = { readonly service: string; readonly input: unknown }[];

/** An API on a free port that is closed after the test; services that a test does not give record and answer. */
export async function openApi(
  services: Partial<ApiServices> = {},
  options: Partial<Omit<ApiOptions, 'services'>> = {},
): Promise<{ readonly url: string; readonly calls: Calls; readonly api: Api }> {
  const calls: Calls = [];
  const api = await startApi({
    host: '127.0.0.1',
    port: 0,
    log: () => {},
    services: { ...recordingServices(calls), ...services },
    ...options,
  });
  open.push(api);
  return { url: api.url, calls, api };
}

function recordingServices(calls: Calls): ApiServices {
  const answer = (service: string, value: unknown) => async (input?: unknown) => {
    calls.push({ service, input });
    return value;
  };
  return {
    ingest: answer('ingest', { accepted: true, position: 7, duplicate: false }),
    publish: answer('publish', { digest: 'sha256:1', serial: 1, changed: true, missingSecrets: [] }),
    rollback: answer('rollback', { digest: 'sha256:1', serial: 2, changed: true, missingSecrets: [] }),
    resume: answer('resume', { digest: 'sha256:1', serial: 2, frozen: null }),
    mute: answer('mute', { ruleId: 'okta/a' }),
    unmute: answer('unmute', { ruleId: 'okta/a' }),
    mutes: answer('mutes', { mutes: [] }),
    history: answer('history', { frozen: null, activations: [] }),
    live: answer('live', { digest: null, serial: 0 }),
    bundle: answer('bundle', { digest: 'sha256:1', content: '{}' }),
    alerts: answer('alerts', { alerts: [], truncated: false }),
    alert: answer('alert', { alert: {}, evidence: [], deliveries: [] }),
    deliveries: answer('deliveries', { deliveries: [], truncated: false }),
    replay: answer('replay', { replayed: 1 }),
    liftQuarantine: answer('liftQuarantine', { ruleId: 'okta/a', version: 'sha256:1' }),
    startBackfill: answer('startBackfill', { backfillId: 'backfill' }),
    stopBackfill: answer('stopBackfill', { backfillId: 'backfill' }),
    backfills: answer('backfills', { backfills: [] }),
    query: answer('query', {
      columns: [],
      rows: [],
      truncated: false,
      cost: { rowsScanned: 0, bytesScanned: 0, durationMs: 1 },
    }),
    search: answer('search', { events: [], matches: [] }),
    backup: answer('backup', { totalBytes: 3, chunks: [Buffer.from('tar')] }),
    startRun: answer('startRun', { runId: 'run' }),
    runs: answer('runs', { runs: [] }),
    createToken: answer('createToken', { token: 'margay_' }),
    tokens: answer('tokens', { tokens: [] }),
    revokeToken: answer('revokeToken', { name: 'ci' }),
    status: answer('status', { version: '0.1.0' }),
    metrics: answer('metrics', 'margay_live_serial 1\n'),
  } as ApiServices;
}

/** An answer in full. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request by fetch; a body that is no text or bytes goes as JSON. */
export async function ask(
  url: string,
  init: Omit<RequestInit, 'body'> & { readonly body?: unknown } = {},
): Promise<Answer> {
  const { body } = init;
  const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const headers = new Headers(init.headers);
  if (!isRaw && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const response = await fetch(url, {
    ...init,
    headers,
    body: (isRaw ? body : JSON.stringify(body)) as string | null,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** One GET with headers that fetch would not send. */
export function askWithHeaders(url: string, headers: IncomingHttpHeaders): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    asked.on('error', reject).end();
  });
}
