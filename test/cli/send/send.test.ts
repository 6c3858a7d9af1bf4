import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type AnsweringServer, type SeenRequest, startAnsweringServer } from '../answering-server.ts';
import { runMargay, startMargay } from '../run-margay.ts';

const lines = Array.from({ length: 40 }, (_, i) => JSON.stringify({ uuid: `event-${i}`, text: 'x'.repeat(20) }));
const ndjson = `${lines.join('\n')}\n`;
const args = ['--log-type', 'Okta.SystemLog', '--batch-bytes', '800'];
const noRows: Answer = { json: { columns: [], rows: [], truncated: false, durationMs: 1 } };
const accept: Answer = { json: { accepted: true, position: 1, duplicate: false } };

let folder = '';
let file = '';
const servers: AnsweringServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'margay-send-'));
  file = join(folder, 'okta.ndjson');
  writeFileSync(file, ndjson);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(
  answer: (request: SeenRequest, index: number) => Answer | Promise<Answer>,
): Promise<AnsweringServer> {
  // After a send the runtime is asked for dead letters: it has none. Only the batches are looked at below.
  const isBatch = ({ path }: SeenRequest): boolean => path.startsWith('/v1/logs/');
  let index = 0;
  const server = await startAnsweringServer((request) => (isBatch(request) ? answer(request, index++) : noRows));
  servers.push(server);
  return {
    url: server.url,
    get requests() {
      return server.requests.filter(isBatch);
    },
    close: server.close,
  };
}

function sentLines({ requests }: AnsweringServer): readonly string[] {
  return requests.flatMap(({ body }) => body.toString().split('\n'));
}

function keysOf({ requests }: AnsweringServer): readonly unknown[] {
  return requests.map(({ headers }) => headers['idempotency-key']);
}

function problem(status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, json: { type: 'about:blank', title: detail, status, detail, code }, headers };
}

describe('a file', () => {
  it('goes out in batches, in order, each with its own key', async () => {
    const server = await serve(() => accept);
    const { code, stdout, stderr } = await runMargay(['send', file, ...args, '--source', 'büro', '--url', server.url]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '40 records accepted (3 batches)\n', stderr: '' });
    expect(sentLines(server)).toEqual(lines);
    expect(new Set(keysOf(server)).size).toBe(3);
    for (const { method, path, headers, body } of server.requests) {
      expect([method, path]).toEqual(['POST', '/v1/logs/Okta.SystemLog']);
      expect(headers['x-margay-source']).toBe(encodeURIComponent('büro'));
      expect(body.length).toBeLessThanOrEqual(800);
    }
  });

  it('has the same keys when it is sent again, others as another log type or with another batch size', async () => {
    const server = await serve(() => accept);
    const send = async (...more: readonly string[]) => {
      const before = server.requests.length;
      await runMargay(['send', file, ...args, ...more, '--url', server.url]);
      return keysOf(server).slice(before);
    };
    const first = await send();
    expect(await send()).toEqual(first);
    for (const different of [
      ['--log-type', 'Other'],
      ['--batch-bytes', '700'],
    ]) {
      expect((await send(...different)).filter((key) => first.includes(key))).toEqual([]);
    }
  });

  it('counts what the runtime had already', async () => {
    const server = await serve((_request, index) => ({
      json: { accepted: true, position: 1, duplicate: index === 0 },
    }));
    const { stdout } = await runMargay(['send', file, ...args, '--url', server.url]);
    expect(stdout).toMatch(/^2\d records accepted, 1\d sent before \(3 batches\)\n$/);
  });

  it.each([
    ['gzip, whatever the name', gzipSync(ndjson)],
    ['gzip of several members', Buffer.concat([gzipSync(ndjson.slice(0, 200)), gzipSync(ndjson.slice(200))])],
    ['a JSON array', `[${lines.join(',\n')}]`],
  ])('may be %s', async (_name, content) => {
    writeFileSync(file, content);
    const server = await serve(() => accept);
    const { code } = await runMargay(['send', file, ...args, '--url', server.url]);
    expect(code).toBe(0);
    expect(sentLines(server)).toEqual(lines);
  });

  it('is reported as JSON', async () => {
    const server = await serve(() => accept);
    const { stdout } = await runMargay(['send', file, ...args, '--json', '--url', server.url]);
    expect(JSON.parse(stdout)).toEqual({
      records: 40,
      duplicates: 0,
      refused: 0,
      batches: 3,
      bytes: ndjson.length - 3,
      complete: true,
      deadLetters: [],
    });
  });
});

describe('standard input', () => {
  it('is sent with keys of its content, so that a second time adds nothing', async () => {
    const server = await serve(() => accept);
    const options = { input: gzipSync(ndjson) };
    await runMargay(['send', '-', ...args, '--url', server.url], options);
    await runMargay(['send', '-', ...args, '--url', server.url], options);
    expect(sentLines(server)).toEqual([...lines, ...lines]);
    expect(keysOf(server).slice(3)).toEqual(keysOf(server).slice(0, 3));
  });
});

describe('what goes wrong', () => {
  it('a busy runtime and a broken connection are tried again', async () => {
    const server = await serve((_request, index) => {
      if (index === 0) return problem(503, 'API_BUSY', 'Busy.', { 'retry-after': '0' });
      if (index === 1) return problem(429, 'API_BUSY', 'Slow down.', { 'retry-after': '0' });
      return index === 2 ? 'break' : accept;
    });
    const { code, stdout, stderr } = await runMargay(['send', file, ...args, '--url', server.url]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '40 records accepted (3 batches)\n' });
    expect(new Set(keysOf(server).slice(0, 4)).size).toBe(1);
    expect(stderr).toContain('Trying again');
  });

  it('a refusal ends it, and says what was sent', async () => {
    const server = await serve((_request, index) =>
      index === 0 ? accept : problem(404, 'API_LOG_TYPE_UNKNOWN', "There is no log type 'Okta.SystemLog'."),
    );
    const { code, stdout, stderr } = await runMargay(['send', file, ...args, '--url', server.url]);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /^1\d records accepted \(1 batch\); the rest was not sent\. Send the same again: nothing counts twice\.\n$/,
    );
    expect(stderr).toContain("There is no log type 'Okta.SystemLog'.");
    expect(server.requests).toHaveLength(2);
  });

  it('a record that is too large for the runtime is left out and reported', async () => {
    writeFileSync(file, `${lines[0]}\n{"big":"${'y'.repeat(2_000)}"}\n${lines[1]}\n`);
    const server = await serve(({ body }) =>
      body.length > 1_500 ? problem(413, 'API_BODY_TOO_LARGE', 'Too large.') : accept,
    );
    const { code, stdout, stderr } = await runMargay(['send', file, ...args, '--url', server.url]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '2 records accepted, 1 refused (2 batches)\n' });
    expect(stderr).toContain('byte 49');
  });

  it.each([
    ['an array that does not end', '[{"a":1},', 'does not end'],
    ['damaged gzip', gzipSync(ndjson).subarray(0, 60), 'damaged'],
  ])('%s is an error', async (_name, content, message) => {
    writeFileSync(file, content);
    const server = await serve(() => accept);
    const { code, stderr } = await runMargay(['send', file, ...args, '--url', server.url]);
    expect(code).toBe(3);
    expect(stderr).toContain('CLI_INPUT_INVALID');
    expect(stderr).toContain(message);
  });

  it('without a runtime it does not try for long', async () => {
    const { code, stderr } = await runMargay(['send', file, ...args, '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(3);
    expect(stderr).toContain('CLI_RUNTIME_UNREACHABLE');
  });

  it('Ctrl-C stops after the batch in flight', async () => {
    let arrived = () => {};
    let release = () => {};
    const firstArrived = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await serve(async () => {
      arrived();
      await released;
      return accept;
    });
    const child = startMargay(['send', file, ...args, '--url', server.url]);
    const output = text(child.stdout as never);
    await firstArrived;
    child.kill('SIGINT');
    const [message] = (await once(child.stderr as never, 'data')) as [Buffer];
    expect(message.toString()).toContain('Stopping after the batch in flight');
    release();
    await once(child, 'close');
    expect(child.exitCode).toBe(130);
    expect(await output).toMatch(/^1\d records accepted \(1 batch\); the rest was not sent/);
    expect(server.requests).toHaveLength(1);
  });
});
