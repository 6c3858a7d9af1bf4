import { expect, it } from 'vitest';
import { expandScopes, type Scope, scopes } from '../../../framework/model/caller.ts';
import type { ApiServices } from '../../../framework/runtime/api/index.ts';
import { routeScopes } from '../../../framework/runtime/api/route-scopes.ts';
import { createRoutes } from '../../../framework/runtime/api/routes.ts';
import { ask, openApi } from './open-api.ts';

const limits = { maxBodyBytes: 1, maxPlainBytes: 1, budget: { take: () => {}, give: () => {} } };
const routes = createRoutes({} as ApiServices, limits).filter(({ isOpen }) => !isOpen);

/** Tokens of this test: the scopes that they have, joined by `+`. */
const identify = async (token: string) => ({
  actor: `token ${token}`,
  scopes: expandScopes(token === 'none' ? [] : (token.split('+') as Scope[])),
});

it('every route has its scopes in the table, and the table no others', () => {
  const names = routes.map(({ method, url }) => `${method} ${url}`);
  expect(Object.keys(routeScopes).sort()).toEqual([...names].sort());
});

it.each(['none', ...scopes])('with the scope %s exactly its routes open', async (scope) => {
  const { url, calls } = await openApi({}, { token: 'root', identify });
  const refused: string[] = [];
  for (const route of routes) {
    const path = route.url.replace(':logType', 'Okta.SystemLog').replace(/:\w+/, 'x');
    const headers = { authorization: `Bearer ${scope}`, 'content-type': 'application/json' };
    const init = route.method === 'GET' ? {} : { body: '{' };
    const before = calls.length;
    const answer = await ask(`${url}${path}`, { method: route.method, headers, ...init });
    if (answer.status !== 403) continue;
    expect(answer.body).toMatchObject({ code: 'API_SCOPE_MISSING' });
    expect(calls).toHaveLength(before);
    refused.push(`${route.method} ${route.url}`);
  }
  const closed = Object.entries(routeScopes).filter(
    ([, needed]) => scope !== 'admin' && !needed.includes(scope as Scope),
  );
  expect(refused.sort()).toEqual(closed.map(([name]) => name).sort());
});

it('no scope but admin opens what gives scopes, takes all data or writes history', () => {
  const wide = Object.entries(routeScopes).filter(([name]) => /tokens|backups|backfills|rebuilds/.test(name));
  const open = wide.filter(([name, needed]) => !name.startsWith('GET /v1/backfills') && needed.join() !== 'admin');
  expect(wide.length).toBeGreaterThan(5);
  expect(open).toEqual([]);
});

it('a wrong token is refused also where none is needed, and HEAD opens nothing that GET does not', async () => {
  const { url } = await openApi({}, { identify: async () => undefined });
  expect((await ask(`${url}/v1/status`)).status).toBe(200);
  const headers = { authorization: 'Bearer of-another-runtime' };
  expect(await ask(`${url}/v1/status`, { headers })).toMatchObject({ status: 401, body: { code: 'API_TOKEN_WRONG' } });
  const guarded = await openApi({}, { token: 'root', identify });
  const head = await fetch(`${guarded.url}/v1/status`, { method: 'HEAD', headers: { authorization: 'Bearer ingest' } });
  expect(head.status).toBe(403);
});

it('a caller bound to a commit publishes no bundle of another', async () => {
  const bound = async () => ({ actor: 'oidc', scopes: ['publish'] as const, commit: 'c'.repeat(40) });
  const { url, calls } = await openApi({}, { token: 'root', identify: bound });
  const publish = (commit: string | undefined) =>
    ask(`${url}/v1/bundles`, {
      ...{ method: 'PUT', headers: { authorization: 'Bearer t' } },
      body: { envelope: { digest: 'sha256:1', content: '{}', commit }, expectedSerial: 0 },
    });
  for (const commit of ['d'.repeat(40), undefined]) {
    expect(await publish(commit)).toMatchObject({ status: 403, body: { code: 'API_COMMIT_REFUSED' } });
  }
  expect(calls).toEqual([]);
  expect((await publish('c'.repeat(40))).status).toBe(200);
});

it('tokens are made and revoked by whoever asks, and checked before', async () => {
  const { url, calls } = await openApi();
  const post = (path: string, body: unknown) => ask(`${url}${path}`, { method: 'POST', body });
  await post('/v1/tokens', { name: 'ci', scopes: ['publish'] });
  await post('/v1/tokens/revoke', { name: 'ci' });
  expect(calls).toEqual([
    { service: 'createToken', input: { name: 'ci', scopes: ['publish'], actor: 'api 127.0.0.1' } },
    { service: 'revokeToken', input: { name: 'ci', actor: 'api 127.0.0.1' } },
  ]);
  const wrong = await post('/v1/tokens', { name: 'A B', scopes: ['root'] });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'API_REQUEST_INVALID' } });
  expect(wrong.body).toMatchObject({ detail: expect.stringMatching(/'name'.*'scopes\.0'/) });
});
