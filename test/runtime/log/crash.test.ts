import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, open as openFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LogNotice } from '../../../framework/runtime/log/index.ts';
import { batch, keysOf, makeDirectory, open, readAll } from './log-directory.ts';

const child = fileURLToPath(new URL('./append-child.js', import.meta.url));
const segmentHeaderBytes = 36;

async function lastSegment(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log')).sort();
  return join(directory, names.at(-1) as string);
}

async function flipByte(file: string, offset: number): Promise<void> {
  const handle = await openFile(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, offset);
  await handle.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, offset);
  await handle.close();
}

describe('a log after a crash', () => {
  it('holds everything acknowledged exactly once, whenever it was killed', { timeout: 60_000 }, async () => {
    const directory = await makeDirectory();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const run = spawn(process.execPath, [child, directory, String(round * 100_000)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const killAfter = acknowledged.size + 1 + Math.floor(Math.random() * 300);
      let rest = '';
      run.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) acknowledged.add(line);
        if (acknowledged.size >= killAfter) run.kill('SIGKILL');
      });
      await once(run, 'close');
      const log = await open(directory);
      const entries = await readAll(log);
      const keys = keysOf(entries);
      expect(new Set(keys).size).toBe(keys.length);
      expect([...acknowledged].filter((key) => !keys.includes(key))).toEqual([]);
      expect(keys.length - acknowledged.size).toBeLessThanOrEqual((round + 1) * 8);
      for (const { record } of entries) {
        if (record.kind === 'batch') expect(Buffer.from(record.body).toString().replaceAll(record.key, '')).toBe('');
      }
      await log.close();
    }
  });

  it.each([
    ['half a frame header', (file: string) => appendFile(file, 'MGF1abc')],
    ['zeros', (file: string) => appendFile(file, Buffer.alloc(5_000))],
    ['noise with markers', (file: string) => appendFile(file, 'MGF1'.repeat(1_000))],
  ])('cuts off %s behind the last record and reports it', async (_, damage) => {
    const directory = await makeDirectory();
    const log = await open(directory);
    await log.append(batch('a'));
    const end = log.end();
    await log.close();
    const file = await lastSegment(directory);
    await damage(file);
    const notices: LogNotice[] = [];
    const again = await open(directory, { onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([{ file, position: end, droppedBytes: expect.any(Number) }]);
    expect(again.end()).toBe(end);
    await again.append(batch('b'));
    expect(keysOf(await readAll(again))).toEqual(['a', 'b']);
  });

  it('cuts off a last record at every length of its remains', async () => {
    const directory = await makeDirectory();
    const log = await open(directory);
    await log.append(batch('a'));
    const { position, next } = await log.append(batch('b'));
    await log.close();
    const file = await lastSegment(directory);
    const whole = await readFile(file);
    for (let length = position + 1; length < next; length += 7) {
      await writeFile(file, whole);
      await truncate(file, segmentHeaderBytes + length);
      const again = await open(directory);
      expect(again.end()).toBe(position);
      await again.close();
    }
  });

  it('cuts off a group whose first record is missing though its second arrived', async () => {
    const directory = await makeDirectory();
    const log = await open(directory);
    await log.append(batch('a'));
    const [first] = await Promise.all([log.append(batch('b')), log.append(batch('c'))]);
    await log.close();
    await flipByte(await lastSegment(directory), segmentHeaderBytes + (first?.position ?? 0) + 30);
    expect(keysOf(await readAll(await open(directory)))).toEqual(['a']);
  });

  it('is not fooled by a frame inside a body', async () => {
    const directory = await makeDirectory();
    const log = await open(directory);
    await log.append(batch('a'));
    await log.append(batch('b'));
    const stolen = await readFile(await lastSegment(directory));
    const { position } = await log.append(batch('c', stolen.toString('latin1')));
    await log.close();
    await flipByte(await lastSegment(directory), segmentHeaderBytes + position + 6);
    expect(keysOf(await readAll(await open(directory)))).toEqual(['a', 'b']);
  });

  it.each([
    ['header', 2],
    ['length', 5],
    ['payload', 40],
  ])('refuses to open when the %s of an acknowledged record is damaged', async (_, offset) => {
    const directory = await makeDirectory();
    const log = await open(directory);
    await log.append(batch('a'));
    const { position } = await log.append(batch('b'));
    await log.append(batch('c'));
    await log.close();
    const file = await lastSegment(directory);
    const place = `${file} at byte ${segmentHeaderBytes + position}.`;
    await flipByte(file, segmentHeaderBytes + position + offset);
    const before = await readFile(file);
    await expect(open(directory)).rejects.toMatchObject({
      code: 'LOG_CORRUPT',
      message: expect.stringContaining(place),
    });
    expect(await readFile(file)).toEqual(before);
  });

  it('refuses to read a record that was damaged after it was opened', async () => {
    const directory = await makeDirectory();
    const log = await open(directory);
    await log.append(batch('a'));
    const { position } = await log.append(batch('b'));
    await flipByte(await lastSegment(directory), segmentHeaderBytes + position + 60);
    expect(await log.read(0, 1)).toHaveLength(1);
    await expect(log.read(position, 100)).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
  });
});
