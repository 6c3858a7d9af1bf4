import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, askWithHeaders, openApi } from './open-api.ts';

describe('connections', () => {
  it.each<readonly [what: string, path: string, body: unknown]>([
    ['query', 'query', { sql: 'SELECT 1' }],
    ['search', 'search', { indicator: '198.51.100.7' }],
    ['backup', 'backups', undefined],
    ['backtest', 'backtests', { envelope: { digest: 'sha256:1', content: '{}' }, detectionId: 'okta/a' }],
  ])('a caller that hangs up ends its %s', async (_what, path, body) => {
    let aborted = (): void => {};
    const ended = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const caller = new AbortController();
    const untilAborted = ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
      signal.addEventListener('abort', aborted);
      caller.abort();
      return new Promise(() => {});
    };
    const { url } = await openApi({
      query: untilAborted,
      search: untilAborted,
      backup: untilAborted,
      // biome-ignore lint/correctness/useYield: it never comes so far.
      backtest: async function* (request) {
        await untilAborted(request);
      },
    });
    const asked = ask(`${url}/v1/${path}`, { method: 'POST', body, signal: caller.signal });
    await expect(asked).rejects.toThrow('aborted');
    await ended;
  });

  it('one that gets its answer does not', async () => {
    let signal: AbortSignal | undefined;
    const { url } = await openApi({
      query: async (request) => {
        signal = request.signal;
        return { columns: [], rows: [], truncated: false, cost: { rowsScanned: 0, bytesScanned: 0, durationMs: 0 } };
      },
    });
    await ask(`${url}/v1/query`, { method: 'POST', headers: { connection: 'close' }, body: { sql: 'SELECT 1' } });
    expect(signal?.aborted).toBe(false);
  });

  it('a request under way ends before the API closes', async () => {
    let finish = (): void => {};
    const { url, api } = await openApi({
      status: () =>
        new Promise((resolve) => {
          finish = () => resolve({ version: '1' } as never);
          void closing.start();
        }),
    });
    const closing = {
      done: undefined as Promise<void> | undefined,
      start: async () => {
        closing.done = api.close();
        finish();
      },
    };
    expect(await ask(`${url}/v1/status`)).toMatchObject({ status: 200, body: { version: '1' } });
    await closing.done;
    await expect(ask(`${url}/v1/status`)).rejects.toThrow();
  });

  it('what is no HTTP is told so', async () => {
    const { url } = await openApi();
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'));
      let all = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        all += chunk;
      });
      socket.on('end', () => resolve(all)).on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('"code":"API_REQUEST_INVALID"');
  });

  it('headers that are too large are told so', async () => {
    const { url } = await openApi();
    expect(await askWithHeaders(`${url}/v1/status`, { 'x-large': 'x'.repeat(20_000) })).toMatchObject({
      status: 431,
      body: { code: 'API_REQUEST_INVALID' },
    });
  });

  it('a port that is taken is named', async () => {
    const { url } = await openApi();
    await expect(openApi({}, { port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'API_LISTEN_FAILED',
      message: expect.stringContaining('something else listens there'),
    });
  });
});
