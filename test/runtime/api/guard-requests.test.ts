import { describe, expect, it } from 'vitest';
import { startApi } from '../../../framework/runtime/api/index.ts';
import { ask, askWithHeaders, openApi } from './open-api.ts';

describe('the token', () => {
  it.each([
    ['the right one', 'Bearer correct', 200],
    ['in any case of the scheme', 'bearer correct', 200],
    ['a wrong one', 'Bearer incorrect', 401],
    ['a prefix', 'Bearer correc', 401],
    ['another scheme', 'Basic correct', 401],
    ['nothing', '', 401],
    ['none at all', undefined, 401],
  ])('%s', async (_which, authorization, status) => {
    const { url, calls } = await openApi({}, { token: 'correct' });
    const answer = await ask(`${url}/v1/status`, authorization === undefined ? {} : { headers: { authorization } });
    expect(answer.status).toBe(status);
    expect(calls).toHaveLength(status === 200 ? 1 : 0);
    if (status === 200) return;
    expect(answer.body).toMatchObject({ code: 'API_TOKEN_WRONG', hint: expect.stringContaining('Bearer') });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['/healthz', 200],
    ['/metrics', 401],
    ['/v1/nothing', 401],
  ])('%s answers %i without it', async (path, status) => {
    const { url } = await openApi({}, { token: 'correct' });
    expect((await ask(`${url}${path}`)).status).toBe(status);
  });

  it.each(['0.0.0.0', '192.0.2.1', '::'])('is required to listen on %s', async (host) => {
    const services = {} as Parameters<typeof startApi>[0]['services'];
    for (const token of [undefined, '']) {
      await expect(startApi({ host, port: 0, token, services })).rejects.toMatchObject({
        code: 'API_TOKEN_REQUIRED',
        hint: expect.stringContaining('MARGAY_TOKEN'),
      });
    }
  });

  it('lets it listen on every address', async () => {
    const { url } = await openApi({}, { host: '0.0.0.0', token: 'correct' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await ask(`${url}/v1/status`, { headers: { authorization: 'Bearer correct' } })).status).toBe(200);
  });
});

describe('web pages elsewhere do not get at it', () => {
  it.each([
    [{ host: 'evil.example.com' }, 403],
    [{ host: 'localhost.example.com:80' }, 403],
    [{ host: 'localhost:1' }, 200],
    [{ host: '[::1]:1' }, 200],
    [{ host: 'localhost:1', origin: 'http://localhost:1' }, 200],
    [{ host: 'localhost:1', origin: 'http://localhost:2' }, 403],
    [{ host: 'localhost:1', origin: 'https://evil.example.com' }, 403],
    [{ host: 'localhost:1', origin: 'null' }, 403],
  ])('%j is %i', async (headers, status) => {
    const { url } = await openApi();
    const answer = await askWithHeaders(`${url}/v1/status`, headers);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body).toMatchObject({ code: 'API_HOST_REFUSED' });
  });
});
