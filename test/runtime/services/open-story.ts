import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type RuntimeClient } from '../../../framework/cli/client.ts';
import { compileContent } from '../../../framework/compile/index.ts';
import type { Bundle, BundleEnvelope } from '../../../framework/model/bundle.ts';
import { systemClock } from '../../../framework/model/clock.ts';
import { getPath } from '../../../framework/model/path.ts';
import { type Runtime, startRuntime } from '../../../framework/runtime/start-runtime.ts';
import { type ContentChanges, copyContent } from '../../copy-content.ts';

/** A runtime over a folder of its own, and the repository's content. */
export interface Story {
  readonly client: RuntimeClient;
  readonly directory: string;
  readonly notices: readonly string[];
  compile(changes?: ContentChanges): Promise<{ readonly envelope: BundleEnvelope; readonly bundle: Bundle }>;
  publish(changes?: ContentChanges): Promise<void>;
  /** Sends records of Okta; the same key again changes nothing. */
  send(records: readonly unknown[], key?: string): Promise<void>;
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a runtime. Nothing is live yet. */
export async function openStory(): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-story-'));
  const directory = join(folder, 'data');
  const notices: string[] = [];
  let runtime: Runtime;
  let client: RuntimeClient;
  let sent = 0;
  const start = async (): Promise<void> => {
    const onNotice = (notice: string): void => void notices.push(notice);
    runtime = await startRuntime({ directory, port: 0, env: {}, clock: systemClock, write: () => {}, onNotice });
    client = connect({ url: runtime.url });
  };
  let unchanged: ReturnType<typeof compileChanged> | undefined;
  const compile: Story['compile'] = (changes) => {
    if (changes !== undefined && Object.keys(changes).length > 0) return compileChanged(folder, changes);
    unchanged ??= compileChanged(folder, {});
    return unchanged;
  };
  await start();
  return {
    get client() {
      return client;
    },
    ...{ directory, notices, compile },
    publish: async (changes) => {
      const { envelope } = await compile(changes);
      await client.publish(envelope, (await client.live()).serial, { allowMissingSecrets: true, allowRemovals: 100 });
    },
    send: async (records, key = `batch-${sent++}`) => {
      const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'));
      await client.ingest({ logType: 'Okta.SystemLog', key, source: 'test', body });
    },
    query: async (sql) => (await client.query(sql, 10_000)).rows,
    restart: async () => {
      await runtime.close();
      await start();
    },
    close: async () => {
      await runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function compileChanged(folder: string, changes: ContentChanges) {
  const { envelope, bundle, problems } = await compileContent({ root: copyContent(folder, changes), types: false });
  if (!envelope || !bundle) throw new Error(JSON.stringify(problems));
  return { envelope, bundle };
}

/**
 * The records of all event tests of a bundle, several of each: with ids of their own, an hour apart, the last one an
 * hour before the end.
 */
export function recordsOfTests({ detections }: Bundle, endMs: number, repeat = 1): readonly Record<string, unknown>[] {
  const logs = detections.flatMap(({ tests }) => tests.flatMap((test) => (test.kind === 'event' ? [test.log] : [])));
  const all = Array.from({ length: repeat }, () => logs).flat();
  return all.map((log, index) => ({
    ...(log as Record<string, unknown>),
    uuid: `test-${index}`,
    published: new Date(endMs - (all.length - index) * 3_600_000).toISOString(),
  }));
}

/** A record with other values at some paths of its first two levels. */
export function withValues(record: object, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy = structuredClone(record) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const [first = '', second] = path.split('.');
    if (second === undefined) copy[first] = value;
    else copy[first] = { ...(getPath(copy, first) as object), [second]: value };
  }
  return copy;
}
