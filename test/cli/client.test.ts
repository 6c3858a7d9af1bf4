import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { connect } from '../../framework/cli/client.ts';
import { type Answer, type AnsweringServer, startAnsweringServer } from './answering-server.ts';

const servers: AnsweringServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(answer: Answer): Promise<AnsweringServer> {
  const server = await startAnsweringServer(() => answer);
  servers.push(server);
  return server;
}

const refused = { type: 'about:blank', title: 'Refused', status: 409, detail: 'Serial 3 is live.' };

it.each<readonly [name: string, answer: Answer, error: object]>([
  [
    'the code and hint of the runtime',
    { status: 409, json: { ...refused, code: 'STATE_CONFLICT', hint: 'Publish again.', problems: [] } },
    { code: 'STATE_CONFLICT', message: 'Serial 3 is live.', hint: 'Publish again.' },
  ],
  [
    'a code that this version does not know',
    { status: 409, json: { ...refused, code: 'API_FROM_THE_FUTURE' } },
    { code: 'CLI_RUNTIME_ANSWER_INVALID', message: 'Serial 3 is live. (API_FROM_THE_FUTURE)' },
  ],
  [
    'a hint where the token is missing',
    { status: 401, json: { ...refused, status: 401, code: 'STATE_CONFLICT', detail: 'A token is needed.' } },
    { hint: 'Put the token of the runtime into MARGAY_TOKEN, or use --token-file.' },
  ],
  ['a proxy', { status: 502, text: '<h1>Bad gateway</h1>' }, { code: 'CLI_RUNTIME_ANSWER_INVALID' }],
  ['a redirect', { status: 302, text: '' }, { code: 'CLI_RUNTIME_ANSWER_INVALID' }],
  ['something that is no runtime', { status: 200, text: '<h1>Hello</h1>' }, { code: 'CLI_RUNTIME_ANSWER_INVALID' }],
  ['a connection that breaks', 'break', { code: 'CLI_RUNTIME_UNREACHABLE' }],
])('an error tells of %s', async (_name, answer, error) => {
  const { url } = await serve(answer);
  await expect(connect({ url }).status()).rejects.toMatchObject(error);
});

it('the token goes with every request, and nothing without one', async () => {
  const server = await serve({ json: {} });
  await connect({ url: `${server.url}/`, token: 'secret' }).live();
  await connect({ url: server.url }).live();
  expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    ['/v1/bundles/live', 'Bearer secret'],
    ['/v1/bundles/live', undefined],
  ]);
});

it('ids and filters are encoded', async () => {
  const server = await serve({ json: {} });
  const client = connect({ url: server.url });
  await client.alert('../secret?x');
  await client.alerts({ limit: 5, level: 'high+', ruleId: 'okta/a&b', status: undefined });
  expect(server.requests.map(({ path }) => path)).toEqual([
    '/v1/alerts/..%2Fsecret%3Fx',
    '/v1/alerts?limit=5&level=high%2B&ruleId=okta%2Fa%26b',
  ]);
});

it('a large bundle is sent compressed, so that thousands of detections stay below the limit of a body', async () => {
  const { url, requests } = await serve({ json: {} });
  const envelope = { digest: 'sha256:0', content: 'with tests '.repeat(50_000) };
  await connect({ url }).publish(envelope, 1);
  const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = requests;
  expect(headers['content-encoding']).toBe('gzip');
  expect(body.length).toBeLessThan(envelope.content.length / 10);
  expect(JSON.parse(gunzipSync(body).toString())).toEqual({ envelope, expectedSerial: 1 });
});
