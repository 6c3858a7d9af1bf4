import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type RuntimeClient } from '../../framework/cli/client.ts';
import { compileContent } from '../../framework/compile/index.ts';
import type { BundleEnvelope } from '../../framework/model/bundle.ts';
import type { Row } from '../../framework/model/table.ts';
import { type Runtime, startRuntime } from '../../framework/runtime/start-runtime.ts';
import { contentFolder } from '../compile/content/content-folder.ts';

/** Everything is printed: what is not printed was delivered nowhere. */
const config = `import { defineConfig } from 'margay';
export default defineConfig({ destinations: { terminal: { type: 'stdout', levels: ['informational+'] } } });
`;

/** A runtime over content that a test writes, with a clock and timers that it moves. */
export interface World {
  readonly client: RuntimeClient;
  /** What destinations printed. */
  printed(): string;
  now(): number;
  /** Compiles and publishes. Gives the serial that is live then. */
  publish(files: Readonly<Record<string, string>>): Promise<number>;
  /** Sends Okta events that happen now, one batch, and waits until they are evaluated. */
  send(...events: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  query(sql: string): Promise<readonly Row[]>;
  /** Lets time pass, and everything look that looks now and then. */
  pass(durationMs: number): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Compiles files, and a configuration that prints every alert. */
export async function compileFiles(files: Readonly<Record<string, string>>): Promise<BundleEnvelope> {
  const root = await contentFolder({ 'margay.config.ts': config, ...files });
  const { envelope, problems } = await compileContent({ root, types: false });
  if (!envelope) throw new Error(JSON.stringify(problems));
  return envelope;
}

/** Starts a world at a time. */
export async function openWorld(startMs: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-world-'));
  let nowMs = startMs;
  let printed = '';
  let sent = 0;
  let timers = new Map<() => void, number>();
  let runtime: Runtime;
  let client: RuntimeClient;

  const open = async (): Promise<void> => {
    timers = new Map();
    const own = timers;
    runtime = await startRuntime({
      directory: join(folder, 'data'),
      port: 0,
      env: {},
      clock: { now: () => nowMs },
      startTimer: (delayMs, fire) => {
        own.set(fire, nowMs + delayMs);
        return () => void own.delete(fire);
      },
      write: (text) => {
        printed += text;
      },
    });
    client = connect({ url: runtime.url });
  };
  await open();

  return {
    get client() {
      return client;
    },
    printed: () => printed,
    now: () => nowMs,
    publish: async (files) => {
      const order = { allowMissingSecrets: true, allowRemovals: 100 };
      const { serial } = await client.publish(await compileFiles(files), (await client.live()).serial, order);
      return serial;
    },
    send: async (...events) => {
      const published = new Date(nowMs).toISOString();
      const lines = events.map((event) => JSON.stringify({ published, ...event }));
      const body = Buffer.from(lines.join('\n'));
      await client.ingest({ logType: 'Okta.SystemLog', key: `world-${sent++}`, source: 'test', body });
      await runtime.settled();
    },
    query: async (sql) => (await client.query(sql, 1_000)).rows,
    pass: async (durationMs) => {
      nowMs += durationMs;
      for (const [fire, dueMs] of [...timers]) {
        if (dueMs > nowMs) continue;
        timers.delete(fire);
        fire();
      }
      await runtime.settled();
    },
    restart: async () => {
      await runtime.close();
      await open();
    },
    close: async () => {
      await runtime.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
