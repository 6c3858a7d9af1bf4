import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../framework/model/error-codes.ts';
import { MargayError } from '../../../framework/model/margay-error.ts';
import { ask, openApi } from './open-api.ts';

describe('each route asks its service', () => {
  const envelope = { digest: 'sha256:1', content: '{}' };
  it.each<[string, string, unknown, string, unknown]>([
    [
      'PUT',
      '/v1/bundles',
      { envelope, expectedSerial: 3 },
      'publish',
      { envelope, expectedSerial: 3, actor: 'api 127.0.0.1' },
    ],
    ['POST', '/v1/rollback', { reason: ' late ' }, 'rollback', { reason: 'late', actor: 'api 127.0.0.1' }],
    ['POST', '/v1/resume', {}, 'resume', { actor: 'api 127.0.0.1' }],
    [
      'POST',
      '/v1/mutes',
      { ruleId: 'okta/a', forMs: 60_000, reason: ' late ' },
      'mute',
      { ruleId: 'okta/a', forMs: 60_000, reason: 'late', actor: 'api 127.0.0.1' },
    ],
    [
      'POST',
      '/v1/mutes/lift',
      { ruleId: 'okta/a', dedup: 'k' },
      'unmute',
      { ruleId: 'okta/a', dedup: 'k', actor: 'api 127.0.0.1' },
    ],
    ['GET', '/v1/mutes', undefined, 'mutes', undefined],
    ['GET', '/v1/history', undefined, 'history', undefined],
    ['GET', '/v1/bundles/live', undefined, 'live', undefined],
    ['GET', '/v1/bundles/sha256:1', undefined, 'bundle', 'sha256:1'],
    ['GET', '/v1/alerts', undefined, 'alerts', { limit: 50 }],
    [
      'GET',
      '/v1/alerts?limit=5&level=high%2B&ruleId=okta/a&status=open',
      undefined,
      'alerts',
      { limit: 5, level: 'high+', ruleId: 'okta/a', status: 'open' },
    ],
    ['GET', '/v1/alerts/0123abcd', undefined, 'alert', '0123abcd'],
    [
      'POST',
      '/v1/query',
      { sql: 'SELECT 1' },
      'query',
      { sql: 'SELECT 1', maxRows: 1_000, signal: expect.any(AbortSignal) },
    ],
    [
      'POST',
      '/v1/search',
      { indicator: '198.51.100.7', type: 'ip', until: '1h' },
      'search',
      {
        ...{ indicator: '198.51.100.7', type: 'ip', since: '24h', until: '1h', limit: 50 },
        ...{ scopes: ['ingest', 'read', 'publish', 'admin'], actor: 'api 127.0.0.1', signal: expect.any(AbortSignal) },
      },
    ],
    [
      'POST',
      '/v1/queries/runs',
      { query: 'okta/a', scheduledAt: '2026-01-01T00:00:00Z' },
      'startRun',
      { query: 'okta/a', scheduledAt: '2026-01-01T00:00:00Z', actor: 'api 127.0.0.1' },
    ],
    ['GET', '/v1/queries/runs?query=okta/a', undefined, 'runs', 'okta/a'],
    ['GET', '/v1/queries/runs', undefined, 'runs', undefined],
    ['GET', '/v1/deliveries', undefined, 'deliveries', { limit: 50 }],
    ['GET', '/v1/deliveries?status=failed&limit=5', undefined, 'deliveries', { limit: 5, status: 'failed' }],
    ['POST', '/v1/deliveries/replay', { key: 'n/slack' }, 'replay', { key: 'n/slack', actor: 'api 127.0.0.1' }],
    ['POST', '/v1/deliveries/replay', { all: true }, 'replay', { all: true, actor: 'api 127.0.0.1' }],
    [
      'POST',
      '/v1/quarantine/lift',
      { ruleId: 'okta/a' },
      'liftQuarantine',
      { ruleId: 'okta/a', actor: 'api 127.0.0.1' },
    ],
    [
      'POST',
      '/v1/backfills',
      { detectionId: 'okta/a' },
      'startBackfill',
      { detectionId: 'okta/a', days: 30, dryRun: false, actor: 'api 127.0.0.1' },
    ],
    ['POST', '/v1/backfills/stop', { backfillId: 'b' }, 'stopBackfill', { backfillId: 'b', actor: 'api 127.0.0.1' }],
    ['GET', '/v1/backfills', undefined, 'backfills', undefined],
    ['GET', '/v1/status', undefined, 'status', undefined],
    [
      'POST',
      '/v1/backups',
      undefined,
      'backup',
      { scopes: ['ingest', 'read', 'publish', 'admin'], actor: 'api 127.0.0.1', signal: expect.any(AbortSignal) },
    ],
  ])('%s %s', async (method, path, body, service, input) => {
    const { url, calls } = await openApi();
    const answer = await ask(`${url}${path}`, { method, body });
    expect(answer.status).toBe(200);
    expect(calls).toEqual([{ service, input }]);
  });

  it('GET /metrics is Prometheus text, GET /healthz is all there is to say', async () => {
    const { url } = await openApi();
    const metrics = await ask(`${url}/metrics`);
    expect(metrics).toMatchObject({ status: 200, body: 'margay_live_serial 1\n' });
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('a request of the wrong shape is refused with every problem', () => {
  it.each<[string, string, unknown, string]>([
    ['PUT', '/v1/bundles', { envelope: { digest: 1 }, expectedSerial: -1 }, "'envelope.content'"],
    ['PUT', '/v1/bundles', [], 'object'],
    ['POST', '/v1/query', { sql: 'SELECT 1', maxRows: 1e9 }, "'maxRows'"],
    ['POST', '/v1/query', { sql: 'SELECT 1', limit: 1 }, '"limit"'],
    ['POST', '/v1/search', { indicator: 'a', type: 'phone' }, "'type'"],
    ['POST', '/v1/search', { indicator: 'a', since: 'noon', logTypes: [] }, "'logTypes'"],
    ['POST', '/v1/queries/runs', { query: 'a', scheduledAt: 'noon' }, "'scheduledAt'"],
    ['GET', '/v1/alerts?limit=0&level=severe', undefined, "'level'"],
    ['GET', '/v1/alerts?limit=1&limit=2', undefined, "'limit'"],
    ['GET', '/v1/queries/runs?id=a', undefined, '"id"'],
    ['GET', '/v1/deliveries?status=dead', undefined, "'status'"],
    ['POST', '/v1/deliveries/replay', {}, '"key"'],
    ['POST', '/v1/deliveries/replay', { key: 'a', all: true }, '"all"'],
    ['POST', '/v1/deliveries/replay', { all: false }, '"all"'],
    ['POST', '/v1/mutes', { ruleId: 'a', forMs: 0, reason: ' ' }, "'forMs'"],
    ['POST', '/v1/mutes/lift', { dedup: 'k' }, "'ruleId'"],
    ['POST', '/v1/quarantine/lift', { rule: 'a' }, "'ruleId'"],
  ])('%s %s', async (method, path, body, named) => {
    const { url, calls } = await openApi();
    const answer = await ask(`${url}${path}`, { method, body });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'API_REQUEST_INVALID', detail: expect.stringContaining(named), problems: expect.any(Array) },
    });
    expect(calls).toEqual([]);
  });

  it('and so is a body that is no JSON, or not said to be', async () => {
    const { url } = await openApi();
    const headers = { 'content-type': 'application/json' };
    expect(await ask(`${url}/v1/query`, { method: 'POST', headers, body: '{' })).toMatchObject({
      status: 400,
      body: { code: 'API_REQUEST_INVALID' },
    });
    expect(await ask(`${url}/v1/query`, { method: 'POST', body: '{"sql":"SELECT 1"}' })).toMatchObject({
      status: 415,
      body: { code: 'API_MEDIA_TYPE_UNSUPPORTED', hint: 'Send application/json in UTF-8.' },
    });
  });
});

describe('paths and methods that are not there', () => {
  it.each([
    ['GET', '/', 404, 'API_ROUTE_UNKNOWN', null],
    ['GET', '/v1/logs', 404, 'API_ROUTE_UNKNOWN', null],
    ['GET', '/v1/logs/a%2Fb/c', 404, 'API_ROUTE_UNKNOWN', null],
    ['GET', '/v1/%zz', 400, 'API_REQUEST_INVALID', null],
    ['GET', '/v1/logs/Okta.SystemLog', 405, 'API_METHOD_NOT_ALLOWED', 'POST'],
    ['DELETE', '/v1/queries/runs', 405, 'API_METHOD_NOT_ALLOWED', 'POST, GET'],
    ['OPTIONS', '/v1/bundles', 405, 'API_METHOD_NOT_ALLOWED', 'PUT'],
  ])('%s %s is %i', async (method, path, status, code, allow) => {
    const { url } = await openApi();
    const answer = await ask(`${url}${path}`, { method });
    expect(answer).toMatchObject({ status, body: { type: 'about:blank', title: expect.any(String), status, code } });
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('an error of a service', () => {
  it.each<[ErrorCode, number]>([
    ['API_LOG_TYPE_UNKNOWN', 404],
    ['API_ALERT_UNKNOWN', 404],
    ['API_QUERY_UNKNOWN', 404],
    ['API_QUARANTINE_UNKNOWN', 404],
    ['API_SERIAL_CONFLICT', 409],
    ['DELIVER_NOT_FAILED', 409],
    ['API_BUNDLE_TESTS_FAILED', 422],
    ['API_QUERY_INVALID', 422],
    ['COMPILE_BUNDLE_DIGEST', 422],
    ['COMPILE_BUNDLE_INVALID', 422],
    ['DETECT_LOAD_FAILED', 422],
    ['LOG_WRITE_FAILED', 503],
    ['RUNTIME_BEHIND', 503],
    ['LAKE_QUERY_TIMEOUT', 504],
    ['STATE_CONFLICT', 500],
  ])('%s is answered with %i', async (code, status) => {
    const problem = { code, message: 'One of them.', severity: 'error' } as const;
    const { url } = await openApi({
      status: async () => {
        throw new MargayError(code, 'What was found.', { hint: 'What to do.', problems: [problem] });
      },
    });
    expect(await ask(`${url}/v1/status`)).toMatchObject({
      status,
      body: { type: 'about:blank', status, code, detail: 'What was found.', hint: 'What to do.', problems: [problem] },
    });
  });

  it.each<[ErrorCode, string | null]>([
    ['API_BUSY', '1'],
    ['RUNTIME_BEHIND', '5'],
    ['LOG_CLOSED', null],
  ])('%s is to be tried again after %s seconds', async (code, seconds) => {
    const { url } = await openApi({ status: async () => Promise.reject(new MargayError(code, 'Not now.')) });
    expect((await ask(`${url}/v1/status`)).headers.get('retry-after')).toBe(seconds);
  });

  it('that nobody expected says nothing of itself, but to the log: all of it, in one line', async () => {
    const logged: string[] = [];
    const cause = new Error('the disk\nis full');
    const { url } = await openApi(
      { status: async () => Promise.reject(new TypeError('secret of the house', { cause })) },
      { log: (text) => logged.push(text) },
    );
    const answer = await ask(`${url}/v1/status`);
    expect(answer).toMatchObject({ status: 500, body: { code: 'API_FAILED', title: 'Internal Server Error' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|at |\.ts/);
    expect(answer.body).toMatchObject({ hint: expect.stringContaining('Its log says more') });
    const line = 'API_FAILED at GET /v1/status: TypeError: secret of the house | at ';
    expect(logged).toEqual([expect.stringContaining(line)]);
    expect(logged[0]).toMatch(/\| caused by Error: the disk \| is full \| at [^\n]*$/);
  });

  it('that is a failure of ours with a code is logged with its cause', async () => {
    const logged: string[] = [];
    const error = new MargayError('STATE_CONFLICT', 'Another value.', { cause: new Error('from below') });
    const { url } = await openApi({ status: async () => Promise.reject(error) }, { log: (text) => logged.push(text) });
    await ask(`${url}/v1/status?token=x`);
    expect(logged).toEqual([
      expect.stringMatching(/^STATE_CONFLICT at GET \/v1\/status: .*Another value\..*from below/),
    ]);
  });
});
