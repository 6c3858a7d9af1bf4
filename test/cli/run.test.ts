import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMargay, startMargay } from './run-margay.ts';

const detection = `title: User added to a group
level: low
logTypes: [Okta.SystemLog]
detection:
  added:
    eventType: group.user_membership.add
  condition: added
alertTitle: 'added by {actor.alternateId}'
dedup: { by: [actor.alternateId], period: 1h }
destinations: []
tests:
  - name: an add matches
    log: { eventType: group.user_membership.add, published: '2026-03-01T10:00:00.000Z', uuid: a }
    expect: { match: true }
  - name: a removal does not
    log: { eventType: group.user_membership.remove, published: '2026-03-01T10:00:00.000Z', uuid: a }
    expect: { match: false }
`;
const record = {
  uuid: 'e1',
  published: '2026-03-01T10:00:00.000Z',
  eventType: 'group.user_membership.add',
  actor: { alternateId: 'it@example.com' },
};

let root = '';
const children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'margay-run-'));
  mkdirSync(join(root, 'detections/okta'), { recursive: true });
  write('detections/okta/add.yml', detection);
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
  rmSync(root, { recursive: true });
});

function write(file: string, content: string): void {
  writeFileSync(join(root, file), content);
}

/** Starts a runtime; the events that it prints, one after another. */
function startRun(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = startMargay(['run', '--json', '--port', '0', '--root', root, ...args], { env });
  children.push(child);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async (): Promise<Readonly<Record<string, unknown>>> => {
    const { value, done } = await lines.next();
    return done ? { event: 'ended' } : JSON.parse(value as string);
  };
  return { child, next };
}

describe('run', () => {
  it('makes the content live, takes logs, and stops cleanly', async () => {
    const { child, next } = startRun();
    const { event, url } = await next();
    expect(event).toBe('started');
    expect(await next()).toMatchObject({ event: 'published', serial: 1, changed: true });

    const args = ['--url', String(url)];
    const sent = await runMargay(['send', '-', '--log-type', 'Okta.SystemLog', ...args], {
      input: JSON.stringify(record),
    });
    expect(sent.stdout).toBe('1 record accepted (1 batch)\n');
    const again = await runMargay(['send', '-', '--log-type', 'Okta.SystemLog', ...args], {
      input: JSON.stringify(record),
    });
    expect(again.stdout).toBe('0 records accepted, 1 sent before (1 batch)\n');

    const flawed = await runMargay(['send', '-', '--log-type', 'Okta.SystemLog', ...args], {
      input: `${JSON.stringify({ ...record, uuid: 'e2', eventType: 'other' })}\n{"uuid": "e3"}\n{"half`,
    });
    expect({ code: flawed.code, stdout: flawed.stdout }).toEqual({ code: 1, stdout: '3 records accepted (1 batch)\n' });
    expect(flawed.stderr).toContain('1 record set aside: NORMALISE_EVENT_TIME_MISSING');
    expect(flawed.stderr).toContain('1 record set aside: NORMALISE_JSON_INVALID');

    const sql = "SELECT p_rule_id, p_rule_title FROM rule_matches WHERE p_rule_id = 'okta/add'";
    const queried = await runMargay(['query', sql, '--csv', ...args]);
    expect(queried).toEqual({
      code: 0,
      stdout: 'p_rule_id,p_rule_title\r\nokta/add,added by it@example.com\n',
      stderr: '',
    });
    const listed = await runMargay(['alerts', '--json', ...args]);
    const { alerts } = JSON.parse(listed.stdout);
    expect(alerts).toMatchObject([{ ruleId: 'okta/add', title: 'added by it@example.com', matchCount: 1 }]);
    const shown = await runMargay(['alerts', 'show', alerts[0].alertId.slice(0, 16), ...args]);
    expect(shown.stdout).toContain('"uuid": "e1"');
    const wrong = await runMargay(['query', 'SELECT nope FROM rule_matches', ...args]);
    expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('nope');
    const published = await runMargay(['publish', '--no-tests', '--root', root, ...args]);
    expect(published.stdout).toMatch(/^sha256:[0-9a-f]{64} was live at .* already, serial 1\n$/);

    child.kill('SIGTERM');
    expect(await next()).toEqual({ event: 'stopped' });
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  }, 120_000);

  it('with --watch publishes what changes, and survives what is wrong', async () => {
    const { child, next } = startRun(['--watch']);
    await next();
    expect(await next()).toMatchObject({ event: 'published', serial: 1, changed: true });
    write('detections/okta/add.yml', detection.replace('level: low', 'level: high'));
    expect(await next()).toMatchObject({ event: 'published', serial: 2, changed: true });
    write('detections/okta/add.yml', detection.replace('level: low', 'levle: low'));
    expect(await next()).toMatchObject({ event: 'refused', problems: [{ code: 'COMPILE_KEY_UNKNOWN' }] });
    write('detections/okta/add.yml', detection);
    expect(await next()).toMatchObject({ event: 'published', serial: 3, changed: true });
    child.kill('SIGINT');
    expect(await next()).toEqual({ event: 'stopped' });
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
  }, 120_000);

  it('started again runs what was live, and publishes nothing new', async () => {
    const first = startRun();
    await first.next();
    await first.next();
    first.child.kill('SIGTERM');
    await once(first.child, 'close');
    const second = startRun();
    await second.next();
    expect(await second.next()).toMatchObject({ event: 'published', serial: 1, changed: false });
  }, 120_000);

  it('with wrong content runs all the same, and with --no-publish does not look at it', async () => {
    write('detections/okta/add.yml', detection.replace('level: low', 'levle: low'));
    const refused = startRun();
    const { url } = await refused.next();
    expect(await refused.next()).toMatchObject({ event: 'refused' });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    refused.child.kill('SIGTERM');
    expect(await refused.next()).toEqual({ event: 'stopped' });
    await once(refused.child, 'close');

    const silent = startRun(['--no-publish']);
    await silent.next();
    silent.child.kill('SIGTERM');
    expect(await silent.next()).toEqual({ event: 'stopped' });
  }, 120_000);

  it('says where to send logs and how to stop', async () => {
    const child = startMargay(['run', '--no-publish', '--port', '0', '--root', root]);
    children.push(child);
    const [text] = (await once(child.stderr as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(text.toString()).toMatch(/^Margay runs at http:\/\/127\.0\.0\.1:\d+ and keeps its data in /);
    expect(text.toString()).toContain('margay send FILE --log-type Okta.SystemLog --url http://127.0.0.1:');
    expect(text.toString()).toMatch(/stop +Ctrl-C/);
  }, 60_000);
});

describe('what keeps it from starting exits with 3', () => {
  it('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, stderr } = await runMargay(['run', '--root', root, '--port', port]);
    server.close();
    expect(code).toBe(3);
    expect(stderr).toContain('API_LISTEN_FAILED');
  }, 60_000);

  it('an open address without a token', async () => {
    const { code, stderr } = await runMargay(['run', '--root', root, '--host', '0.0.0.0', '--port', '0']);
    expect(code).toBe(3);
    expect(stderr).toContain('API_TOKEN_REQUIRED');
  }, 60_000);

  it('a data folder that another runtime uses', async () => {
    const { next } = startRun(['--no-publish']);
    await next();
    const { code, stderr } = await runMargay(['run', '--root', root, '--no-publish', '--port', '0']);
    expect(code).toBe(3);
    expect(stderr).toContain('LAKE_LOCKED');
  }, 60_000);
});

it('a wrong token is refused, the right one from a file is taken', async () => {
  const { next } = startRun(['--no-publish'], { MARGAY_TOKEN: 'right' });
  const { url } = await next();
  const args = ['status', '--url', String(url)];
  for (const token of ['', 'wrong']) {
    const { code, stderr } = await runMargay(args, { env: { MARGAY_TOKEN: token } });
    expect(code).toBe(3);
    expect(stderr).toContain('API_TOKEN_WRONG');
  }
  write('token', 'right\n');
  const { code } = await runMargay([...args, '--token-file', join(root, 'token')]);
  expect(code).toBe(0);
}, 60_000);

it('a reader that goes away is no error', () => {
  const shell = `"${process.execPath}" framework/bin/margay.js --help | head -1; echo "$\{PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'Usage: margay [options] [command]\n0\n', stderr: '' });
});
