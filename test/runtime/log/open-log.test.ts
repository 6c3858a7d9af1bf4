import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { BatchRecord } from '../../../framework/model/log-record.ts';
import { batch, keysOf, makeDirectory, open, readAll } from './log-directory.ts';

const child = fileURLToPath(new URL('./append-child.js', import.meta.url));

/** What this process writes into a lock. */
async function ownLock(): Promise<Readonly<Record<string, unknown>>> {
  const directory = await makeDirectory();
  const log = await open(directory);
  const lock = JSON.parse(await readFile(join(directory, 'lock'), 'utf8'));
  await log.close();
  return lock;
}

describe('openLog', () => {
  it('reads back what was appended, in order, after it was opened again', async () => {
    const directory = await makeDirectory();
    const activation = { kind: 'activation', digest: 'sha256:0', serial: 1, activatedAtMs: 5, actor: 'dana' } as const;
    const log = await open(directory);
    const first = await log.append(batch('a', 'körper'));
    const second = await log.append(activation);
    expect(first).toEqual({ position: 0, next: second.position, duplicate: false });
    await log.close();
    const again = await open(directory);
    expect(again.end()).toBe(second.next);
    expect((await readAll(again)).map(({ record }) => record)).toEqual([batch('a', 'körper'), activation]);
    expect(await again.read(again.end(), 100)).toEqual([]);
  });

  it.each([1, 30, 200, 100_000])('reads in pieces of about %i bytes, at least one record each', async (maxBytes) => {
    const log = await open(await makeDirectory(), { maxSegmentBytes: 2_000 });
    const keys = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    for (const key of keys) await log.append(batch(key, 'x'.repeat(key.length * 30)));
    expect(keysOf(await readAll(log, 0, maxBytes))).toEqual(keys);
  });

  it('makes concurrent appends durable in order, with one write for many', async () => {
    const log = await open(await makeDirectory(), { maxSegmentBytes: 10_000 });
    const keys = Array.from({ length: 500 }, (_, n) => String(n));
    const places = await Promise.all(keys.map((key) => log.append(batch(key))));
    expect(keysOf(await readAll(log))).toEqual(keys);
    expect(places.at(-1)?.next).toBe(log.end());
  });

  it('appends a key once, also when it comes twice at the same time and after a restart', async () => {
    const directory = await makeDirectory();
    const log = await open(directory);
    const [first, second] = await Promise.all([log.append(batch('a')), log.append(batch('a'))]);
    expect(second).toEqual({ ...first, duplicate: true });
    expect(await log.append(batch('a'))).toEqual(second);
    await log.close();
    const again = await open(directory);
    expect(await again.append(batch('a'))).toEqual(second);
    expect(keysOf(await readAll(again))).toEqual(['a']);
  });

  it.each<[string, Partial<BatchRecord>]>([
    ['another body', { body: Buffer.from('other') }],
    ['another log type', { logType: 'Acme.Door' }],
  ])(
    'refuses a key that comes again with %s: at the same time, later, after a restart, after a release',
    async (_, other) => {
      const directory = await makeDirectory();
      const time = { ms: 0 };
      const options = { maxSegmentBytes: 1, clock: { now: () => time.ms }, dedupMs: 1_000 };
      const reused = { ...batch('a'), ...other };
      const refusal = {
        code: 'LOG_KEY_REUSED',
        message: expect.stringContaining(`'a'`),
        hint: expect.stringContaining('a new key'),
      };
      const log = await open(directory, options);
      const [first, second] = await Promise.allSettled([log.append(batch('a')), log.append(reused)]);
      expect([first, second]).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: refusal }]);
      await expect(log.append(reused)).rejects.toMatchObject(refusal);
      await log.append(batch('b'));
      await log.append(batch('c'));
      await log.close();
      const again = await open(directory, options);
      await expect(again.append(reused)).rejects.toMatchObject(refusal);
      await again.release(again.end());
      await again.close();
      const released = await open(directory, options);
      await expect(released.append(reused)).rejects.toMatchObject(refusal);
      expect(await released.append({ ...batch('a'), source: 'elsewhere' })).toMatchObject({ duplicate: true });
      time.ms = 1_000;
      expect(await released.append(reused)).toMatchObject({ duplicate: false });
    },
  );

  it('forgets a key after dedupMs', async () => {
    const time = { ms: 0 };
    const log = await open(await makeDirectory(), { clock: { now: () => time.ms }, dedupMs: 1_000 });
    await log.append(batch('a'));
    time.ms = 999;
    expect(await log.append(batch('a'))).toMatchObject({ duplicate: true });
    time.ms = 1_000;
    expect(await log.append(batch('a'))).toMatchObject({ duplicate: false });
  });

  it('releases whole segments and still knows their keys', async () => {
    const directory = await makeDirectory();
    const time = { ms: 0 };
    const options = { maxSegmentBytes: 500, clock: { now: () => time.ms }, dedupMs: 1_000 };
    const log = await open(directory, options);
    for (let n = 0; n < 30; n += 1) await log.append(batch(String(n)));
    const middle = (await readAll(log))[15]?.position ?? 0;
    const before = (await readdir(directory)).length;
    await log.release(middle);
    expect((await readdir(directory)).filter((name) => name.endsWith('.log')).length).toBeLessThan(before - 1);
    expect(keysOf(await readAll(log, middle)).at(0)).toBe('15');
    await expect(log.read(0, 100)).rejects.toMatchObject({ code: 'LOG_POSITION_INVALID' });
    await expect(log.read(log.end() + 1, 100)).rejects.toMatchObject({ code: 'LOG_POSITION_INVALID' });
    await log.close();
    const again = await open(directory, options);
    expect(await again.append(batch('0'))).toMatchObject({ position: 0, duplicate: true });
    time.ms = 1_000;
    await again.release(middle);
    expect((await readdir(directory)).filter((name) => name.endsWith('.keys'))).toEqual([]);
    await again.release(again.end());
    expect((await readdir(directory)).filter((name) => name.endsWith('.log'))).toHaveLength(1);
    expect(await again.append(batch('0'))).toMatchObject({ duplicate: false });
  });

  it('wakes whoever waits when it grows, and when the wait is given up', async () => {
    const log = await open(await makeDirectory());
    const { signal } = new AbortController();
    await log.append(batch('a'));
    await log.waitPast(0, signal);
    const grown = log.waitPast(log.end(), signal);
    await log.append(batch('b'));
    await grown;
    const abort = new AbortController();
    const givenUp = log.waitPast(log.end(), abort.signal);
    abort.abort();
    await givenUp;
    const closed = log.waitPast(log.end(), signal);
    await log.close();
    await closed;
    await expect(log.append(batch('c'))).rejects.toMatchObject({ code: 'LOG_CLOSED' });
  });

  it('is open in one runtime at a time, and says which', async () => {
    const directory = await makeDirectory();
    const log = await open(directory);
    const refusal = { code: 'LOG_LOCKED', message: expect.stringContaining(`Process ${process.pid} `) };
    await expect(open(directory)).rejects.toMatchObject(refusal);
    await log.close();
    await open(directory);
  });

  it.each<[string, (mine: Readonly<Record<string, unknown>>) => string]>([
    ['of a dead process', (mine) => JSON.stringify({ ...mine, pid: 2 ** 22 + 1 })],
    ['of an earlier process with our id', (mine) => JSON.stringify({ ...mine, startTime: '7' })],
    ['of an earlier process with the id of another', (mine) => JSON.stringify({ ...mine, pid: 1, startTime: '-7' })],
    ['of this host before it was started again', (mine) => JSON.stringify({ ...mine, bootId: 'earlier' })],
    ['with our id, where there is no start time', (mine) => JSON.stringify({ ...mine, startTime: undefined })],
    ['that was never written whole', () => '{"pid'],
    ['that says nothing of a host', ({ pid, token }) => JSON.stringify({ pid, token })],
  ])('takes over a lock %s', async (_, content) => {
    const directory = await makeDirectory();
    await writeFile(join(directory, 'lock'), content({ ...(await ownLock()), token: 'gone' }));
    await open(directory);
    expect((await readdir(directory)).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it.each([
    [
      'a living process that holds a lock unknown to us',
      {},
      `Process ${process.pid} has`,
      'Stop that runtime, or give',
    ],
    ['another living process', { pid: process.ppid, startTime: undefined }, `Process ${process.ppid} has`, 'Stop that'],
    ['a process of another host, even with our id', { host: 'pod-7' }, "on host 'pod-7' has", '/lock'],
    ['a process of another host and boot', { host: 'pod-7', bootId: 'other' }, "on host 'pod-7' has", 'by hand: rm'],
  ])('leaves the lock of %s alone', async (_, other, message, hint) => {
    const directory = await makeDirectory();
    const lock = JSON.stringify({ ...(await ownLock()), token: 'theirs', ...other });
    await writeFile(join(directory, 'lock'), lock);
    await expect(open(directory)).rejects.toMatchObject({
      code: 'LOG_LOCKED',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
    expect(await readFile(join(directory, 'lock'), 'utf8')).toBe(lock);
    expect(await readdir(directory)).toEqual(['lock']);
  });

  it('refuses everything after a write that failed, and loses nothing that it acknowledged', async () => {
    const directory = await makeDirectory();
    const shell = `trap '' XFSZ; ulimit -f 64; exec "$0" "$1" "$2" until-failure`;
    const run = spawn('bash', ['-c', shell, process.execPath, child, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    run.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
    expect(await once(run, 'close')).toEqual([0, null]);
    const acknowledged = lines.filter((line) => !line.startsWith('LOG_'));
    expect(lines.slice(acknowledged.length)).toEqual(['LOG_WRITE_FAILED', 'LOG_WRITE_FAILED']);
    expect(keysOf(await readAll(await open(directory)))).toEqual(acknowledged);
  });

  it('refuses a directory where a segment between two others is missing', async () => {
    const directory = await makeDirectory();
    const log = await open(directory, { maxSegmentBytes: 500 });
    for (let n = 0; n < 30; n += 1) await log.append(batch(String(n)));
    await log.close();
    const [, second = ''] = (await readdir(directory)).filter((name) => name.endsWith('.log')).sort();
    await copyFile(join(directory, second), join(directory, 'copy'));
    await rm(join(directory, second));
    await expect(open(directory)).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
    await copyFile(join(directory, 'copy'), join(directory, second));
    expect(await readAll(await open(directory))).toHaveLength(30);
  });
});
