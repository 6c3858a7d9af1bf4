import { describe, expect, it } from 'vitest';
import { MargayError } from '../../../framework/model/margay-error.ts';
import { ask, openApi } from './open-api.ts';

describe('an answer in lines', () => {
  const envelope = { digest: 'sha256:1', content: '{}' };
  const body = { envelope, detectionId: 'okta/a' };

  it('has each value as it comes; what fails later is the last', async () => {
    const asked: unknown[] = [];
    const { url } = await openApi({
      backtest: async function* (request) {
        asked.push(request);
        yield { kind: 'progress', phase: 'events', done: 1, total: null };
        throw new MargayError('RUNTIME_TRIAL_FAILED', 'It ended.');
      },
    });
    const response = await fetch(`${url}/v1/backtests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'progress', done: 1 },
      { kind: 'failed', problem: { code: 'RUNTIME_TRIAL_FAILED', status: 422 } },
    ]);
    expect(asked).toEqual([
      {
        ...body,
        ...{
          days: 30,
          against: 'live',
          values: false,
          samples: false,
          scopes: ['ingest', 'read', 'publish', 'admin'],
          actor: 'api 127.0.0.1',
        },
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('is an error like any other when the first value fails', async () => {
    const { url } = await openApi({
      // biome-ignore lint/correctness/useYield: it fails before.
      backtest: async function* () {
        throw new MargayError('API_DETECTION_UNKNOWN', 'There is none.');
      },
    });
    const answer = await ask(`${url}/v1/backtests`, { method: 'POST', body });
    expect(answer).toMatchObject({ status: 404, body: { code: 'API_DETECTION_UNKNOWN' } });
  });

  it('ends what makes it when the caller hangs up', async () => {
    let end: (reason: string) => void = () => {};
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    const { url } = await openApi({
      backtest: async function* ({ signal }) {
        yield { kind: 'progress', phase: 'events', done: 1, total: null };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        end('aborted');
      },
    });
    const caller = new AbortController();
    const response = await fetch(`${url}/v1/backtests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: caller.signal,
    });
    await response.body?.getReader().read();
    caller.abort();
    expect(await ended).toBe('aborted');
  });
});
