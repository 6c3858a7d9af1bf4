import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogEntry } from '../../../framework/model/log-record.ts';
import { type Archive, openArchive } from '../../../framework/runtime/archive/index.ts';

let directory: string;
let archive: Archive;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'margay-archive-'));
  archive = await openArchive(directory);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function entry(position: number, body: string | Uint8Array, day = '2026-01-02', logType = 'Acme.Door'): LogEntry {
  const receivedAtMs = Date.parse(`${day}T03:04:05Z`);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const record = { kind: 'batch', key: `k${position}`, logType, source: 'gate', receivedAtMs, body: bytes } as const;
  return { position, next: position + 10, record };
}

const activation: LogEntry = {
  position: 5,
  next: 10,
  record: { kind: 'activation', digest: 'sha256:0', serial: 1, activatedAtMs: 0, actor: 'test' },
};

async function read(logType: string, fromDay = '', before = Number.POSITIVE_INFINITY) {
  const batches = [];
  for await (const piece of archive.read(logType, fromDay, before))
    for (const batch of piece) batches.push({ ...batch, body: Buffer.from(batch.body).toString('latin1') });
  return batches;
}

const files = (): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .sort();

it('gives batches back as they came, whatever is in them', async () => {
  const bodies = ['{"a":1}\n{"a":2}\n', '', '\n\n', '[{"a":\n3}]', 'no JSON', '\u00ff\u0000\u0080'];
  const entries = bodies.map((body, index) => entry(index * 10, Buffer.from(body, 'latin1')));
  await archive.write([activation, ...entries]);
  const batches = await read('Acme.Door');
  expect(batches.map(({ body }) => body)).toEqual(bodies);
  expect(batches[1]).toEqual({
    ...{ kind: 'batch', position: 10, key: 'k10', logType: 'Acme.Door', source: 'gate', body: '' },
    receivedAtMs: Date.parse('2026-01-02T03:04:05Z'),
  });
});

it('has a file for each log type and day of a range, which begins with what describes the batch', async () => {
  await archive.write([
    entry(0, '{"a":1}'),
    entry(10, '{"a":2}', '2026-01-03'),
    entry(20, '{"b":1}', '2026-01-02', '../etc'),
    entry(30, '{"a":3}'),
  ]);
  expect(files()).toEqual([
    '%2E.%2Fetc/2026-01-02/0000000000000020.json.gz',
    'Acme.Door/2026-01-02/0000000000000000.json.gz',
    'Acme.Door/2026-01-03/0000000000000010.json.gz',
  ]);
  const text = gunzipSync(readFileSync(join(directory, files()[2] as string))).toString();
  expect(text).toBe(
    '{"margayBatch":{"position":10,"key":"k10","logType":"Acme.Door","source":"gate","receivedAtMs":1767409445000,"bytes":7}}\n{"a":2}\n',
  );
  expect(await archive.days()).toEqual(
    new Map([
      ['../etc', ['2026-01-02']],
      ['Acme.Door', ['2026-01-02', '2026-01-03']],
    ]),
  );
});

it('holds each batch once when a range is written again, as it was or longer', async () => {
  const entries = [entry(0, 'a'), entry(10, 'b', '2026-01-03'), entry(20, 'c')];
  await archive.write(entries.slice(0, 2));
  await archive.write(entries);
  await archive.write([entry(30, 'd')]);
  expect((await read('Acme.Door')).map(({ body }) => body)).toEqual(['a', 'c', 'd', 'b']);
});

it('reads from a day on, up to a position of the log', async () => {
  await archive.write([entry(0, 'a'), entry(10, 'b', '2026-01-03'), entry(20, 'c', '2026-01-03')]);
  await archive.write([entry(30, 'd', '2026-01-03')]);
  expect((await read('Acme.Door', '2026-01-03', 20)).map(({ body }) => body)).toEqual(['b']);
  expect((await read('Acme.Door', '2026-01-03')).map(({ body }) => body)).toEqual(['b', 'c', 'd']);
  expect(await read('Acme.Other')).toEqual([]);
});

it('takes no unfinished file for one, and removes days', async () => {
  await archive.write([entry(0, 'a'), entry(10, 'b', '2026-01-03')]);
  writeFileSync(join(directory, 'Acme.Door/2026-01-03/0000000000000020.json.gz.tmp'), 'half of');
  expect((await read('Acme.Door')).map(({ body }) => body)).toEqual(['a', 'b']);
  await archive.remove('Acme.Door', ['2026-01-02']);
  expect((await read('Acme.Door')).map(({ body }) => body)).toEqual(['b']);
});

it('says which file is damaged', async () => {
  await archive.write([entry(0, 'a')]);
  const file = join(directory, files()[0] as string);
  writeFileSync(file, readFileSync(file).subarray(0, 30));
  await expect(read('Acme.Door')).rejects.toMatchObject({
    code: 'ARCHIVE_CORRUPT',
    message: expect.stringContaining('0000000000000000.json.gz'),
  });
});
