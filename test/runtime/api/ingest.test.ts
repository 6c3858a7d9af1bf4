import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../framework/model/error-codes.ts';
import { ask, openApi } from './open-api.ts';

const lines = '{"uuid":"1"}\n{"uuid":"2"}\n';

describe('logs', () => {
  it('are handed on with their key, source and bytes, and acknowledged', async () => {
    const { url, calls } = await openApi();
    const answer = await ask(`${url}/v1/logs/Okta.SystemLog`, {
      method: 'POST',
      headers: {
        'idempotency-key': 'file:0',
        'x-margay-source': 'log%20%E2%9C%93',
        'content-type': 'application/x-ndjson',
      },
      body: lines,
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: true, position: 7, duplicate: false } });
    expect(answer.headers.get('idempotency-key')).toBe('file:0');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(calls).toEqual([
      {
        service: 'ingest',
        input: { logType: 'Okta.SystemLog', key: 'file:0', source: 'log ✓', body: Buffer.from(lines) },
      },
    ]);
  });

  it('that are known already are answered with 200', async () => {
    const { url } = await openApi({ ingest: async () => ({ accepted: true, position: 1, duplicate: true }) });
    expect(await ask(`${url}/v1/logs/A`, { method: 'POST', body: lines })).toMatchObject({
      status: 200,
      body: { duplicate: true },
    });
  });

  it('without a key get one of their own, which is named', async () => {
    const { url, calls } = await openApi();
    const keys = await Promise.all(
      [1, 2].map(async () =>
        (await ask(`${url}/v1/logs/A`, { method: 'POST', body: lines })).headers.get('idempotency-key'),
      ),
    );
    expect(new Set(keys).size).toBe(2);
    expect(calls.map(({ input }) => (input as { key: string }).key).sort()).toEqual([...keys].sort());
  });

  it.each([
    ['declared', { 'content-encoding': 'gzip' }],
    ['by its first bytes', { 'content-type': 'application/gzip' }],
    ['as curl sends a file', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['of no type', {}],
  ])('are decompressed: gzip %s', async (_how, headers) => {
    const { url, calls } = await openApi();
    const answer = await ask(`${url}/v1/logs/A`, { method: 'POST', headers, body: gzipSync(lines) });
    expect(answer.status).toBe(202);
    expect(calls).toEqual([{ service: 'ingest', input: expect.objectContaining({ body: Buffer.from(lines) }) }]);
  });

  it.each<[string, RequestInit, number, ErrorCode]>([
    ['broken gzip', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }, 400, 'API_REQUEST_INVALID'],
    ['gzip cut short', { body: gzipSync(lines).subarray(0, 20) }, 400, 'API_REQUEST_INVALID'],
    ['another encoding', { headers: { 'content-encoding': 'br' }, body: lines }, 415, 'API_MEDIA_TYPE_UNSUPPORTED'],
    [
      'a type that is not read',
      { headers: { 'content-type': 'text/csv' }, body: 'a,b' },
      415,
      'API_MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'a charset that is not read',
      { headers: { 'content-type': 'text/plain; charset=utf-16' }, body: 'a' },
      415,
      'API_MEDIA_TYPE_UNSUPPORTED',
    ],
    ['no body', {}, 400, 'API_REQUEST_INVALID'],
    ['a key with blanks', { headers: { 'idempotency-key': 'a b' }, body: lines }, 400, 'API_REQUEST_INVALID'],
    [
      'a key that is too long',
      { headers: { 'idempotency-key': 'a'.repeat(257) }, body: lines },
      400,
      'API_REQUEST_INVALID',
    ],
    [
      'a source that is not encoded',
      { headers: { 'x-margay-source': '%zz' }, body: lines },
      400,
      'API_REQUEST_INVALID',
    ],
  ])('are refused: %s', async (_what, init, status, code) => {
    const { url, calls } = await openApi();
    const answer = await ask(`${url}/v1/logs/A`, { method: 'POST', ...init });
    expect(answer).toMatchObject({ status, body: { status, code, detail: expect.any(String) } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(calls).toEqual([]);
  });

  it.each([
    ['as sent, by their declared length', Buffer.alloc(40_000, 'a'), {}],
    ['as sent, in chunks', new Blob([Buffer.alloc(400_000, 'a')]).stream(), { duplex: 'half' }],
    ['after decompression', gzipSync(Buffer.alloc(200_000, 'a')), {}],
  ])('that are too large are refused: %s', async (_how, body, extra) => {
    const { url, calls } = await openApi({}, { maxBodyBytes: 32_768 });
    const response = await fetch(`${url}/v1/logs/A`, { method: 'POST', body, ...extra } as RequestInit);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'API_BODY_TOO_LARGE', hint: expect.any(String) });
    expect(calls).toEqual([]);
  });

  it('wait their turn when memory is full of others', async () => {
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let waiting = 0;
    let allWait = (): void => {};
    const full = new Promise<void>((resolve) => {
      allWait = resolve;
    });
    const { url } = await openApi(
      {
        ingest: async () => {
          waiting++;
          if (waiting === 16) allWait();
          await held;
          return { accepted: true, position: 1, duplicate: false };
        },
      },
      { maxBodyBytes: 1_000 },
    );
    const send = () => ask(`${url}/v1/logs/A`, { method: 'POST', body: 'a'.repeat(1_000) });
    const first = Array.from({ length: 16 }, send);
    await full;
    const refused = await send();
    expect(refused).toMatchObject({ status: 429, body: { code: 'API_BUSY' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    finish();
    expect((await Promise.all(first)).map((answer) => answer.status)).toEqual(Array(16).fill(202));
    expect((await send()).status).toBe(202);
  });
});
