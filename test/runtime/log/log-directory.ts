import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, onTestFinished } from 'vitest';
import type { BatchRecord, Log, LogEntry } from '../../../framework/model/log-record.ts';
import { type LogOptions, openLog } from '../../../framework/runtime/log/index.ts';

const opened: Log[] = [];

afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});

/** A temporary folder that goes away with the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'margay-log-'));
  onTestFinished(async () => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens a log that is closed with the test. */
export async function open(directory: string, options: Partial<LogOptions> = {}): Promise<Log> {
  const log = await openLog({ directory, clock: { now: () => 1_000 }, ...options });
  opened.push(log);
  return log;
}

export function batch(key: string, body = `{"n":"${key}"}`): BatchRecord {
  return {
    kind: 'batch',
    key,
    logType: 'Okta.SystemLog',
    source: 'test',
    receivedAtMs: 1_000,
    body: Buffer.from(body),
  };
}

/** Everything from a position on. */
export async function readAll(log: Log, from = 0, maxBytes = 4096): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let position = from; position < log.end(); position = entries.at(-1)?.next ?? log.end()) {
    entries.push(...(await log.read(position, maxBytes)));
  }
  return entries;
}

export function keysOf(entries: readonly LogEntry[]): readonly string[] {
  return entries.map(({ record }) =>
    record.kind === 'batch' ? record.key : record.kind === 'activation' ? record.digest : record.version,
  );
}
