import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleEnvelope } from '../model/bundle.ts';
import type { Clock } from '../model/clock.ts';
import type { Log, LogEntry, Position } from '../model/log-record.ts';
import type { State } from '../model/state.ts';
import { startApi } from './api/index.ts';
import { createBundleStore } from './bundle-store.ts';
import { type Consumer, type ConsumerPosition, startConsumer } from './consumer.ts';
import { startDelivery } from './deliver/index.ts';
import { type ActiveBundle, createDetectConsumer } from './detect-consumer.ts';
import { keepHouse } from './keep-house.ts';
import { openLake } from './lake/index.ts';
import { createLakeStep } from './lake-consumer.ts';
import { openLog } from './log/index.ts';
import { createPublisher, type LiveChannel } from './publish-bundle.ts';
import { runQuery } from './run-query.ts';
import { startScheduler } from './schedule/index.ts';
import { createServices } from './services/create-services.ts';

/** How a runtime is started. */
export interface RuntimeOptions {
  /** Where everything durable lives. Made when missing; one runtime at a time. */
  readonly directory: string;
  /** @defaultValue 127.0.0.1 */
  readonly host?: string;
  /** 0 takes a free port. @defaultValue 7430 */
  readonly port?: number;
  /** The bearer token of the API. Needed unless the host is a loopback address. */
  readonly token?: string | undefined;
  /** Where destinations' secrets come from. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Takes what an operator should read, one line each. */
  readonly onNotice?: (notice: string) => void;
  /** Takes what `stdout` destinations write. @defaultValue standard output */
  readonly write?: (text: string) => void;
}

/** A running runtime. */
export interface Runtime {
  readonly url: string;
  /** Publishes without going through HTTP, as `margay run` does with its own content. */
  publish(envelope: BundleEnvelope, actor: string): Promise<{ readonly changed: boolean; readonly serial: number }>;
  /** Resolves when everything accepted so far is detected, filed and delivered or waiting for a retry. */
  settled(): Promise<void>;
  /** Stops taking logs, finishes what is under way, and closes every file. */
  close(): Promise<void>;
}

const detectBytes = 4 * 1024 * 1024;
const lakeBytes = 16 * 1024 * 1024;
const lakeLingerMs = 5_000;

/**
 * Starts the embedded runtime: the log, its consumers, the schedule, delivery and the API. The only place where
 * the rooms of the runtime meet.
 *
 * @throws LOG_LOCKED when another runtime uses the directory.
 * @throws API_TOKEN_REQUIRED when the host is not a loopback address and there is no token.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { clock, directory } = options;
  const onNotice = options.onNotice ?? (() => {});
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const log = await openLog({ directory: join(directory, 'log'), clock });
    closers.push(() => log.close());
    const opened = await openLake({
      directory: join(directory, 'lake'),
      clock,
      onError: (error) => onNotice(`lake: ${error instanceof Error ? error.message : String(error)}`),
    });
    closers.push(() => opened.close());
    const { state, lake } = opened;

    const bundles = createBundleStore(state);
    let afterActivation = (): void => {};
    const detectStart = await positionOf(state, 'detect');
    const live = await recoverLive(state, log, detectStart.next);
    const publisher = createPublisher({ state, log, bundles, clock, live });
    closers.push(() => publisher.close());

    const delivery = startDelivery({
      state,
      clock,
      env: options.env,
      routing: () => detecting.active()?.catalog.bundle.routing ?? { destinations: [] },
      directory,
      onNotice,
      ...(options.write ? { write: options.write } : {}),
    });
    const detecting = createDetectConsumer({
      state,
      bundles,
      clock,
      active: await activeAt(detectStart, bundles, publisher.takeDetector),
      detectorFor: publisher.takeDetector,
      onCommit: () => delivery.wake(),
      onActivate: () => afterActivation(),
    });
    closers.push(() => detecting.close());
    closers.push(() => delivery.close());

    const consumers = {
      detect: startConsumer({
        name: 'detect',
        log,
        start: detectStart,
        maxBytes: detectBytes,
        step: detecting.step,
        onNotice,
      }),
      lake: startConsumer({
        name: 'lake',
        log,
        start: await positionOf(state, 'lake'),
        maxBytes: lakeBytes,
        lingerMs: lakeLingerMs,
        step: createLakeStep({ lake: opened, bundles }),
        onNotice,
      }),
    };
    closers.push(async () => {
      await Promise.all(Object.values(consumers).map((consumer) => consumer.close()));
    });
    closers.push(keepHouse({ clock, log, state, lake: opened, consumers: Object.values(consumers), onNotice }));
    const catchUp = (): Promise<void> => reachEnd(consumers, log.end());

    const scheduler = startScheduler({
      clock,
      state,
      queries: () => detecting.active()?.catalog.bundle.queries ?? [],
      run: (run, { query, signal }) => {
        const active = detecting.active();
        if (!active) throw new Error('no bundle is in force');
        const { scheduledAtMs } = run;
        return runQuery({ lake, state, clock, active, query, scheduledAtMs, catchUp, signal });
      },
      onCommit: () => delivery.wake(),
      onNotice,
    });
    closers.push(() => scheduler.close());
    afterActivation = () => scheduler.wake();

    const services = createServices({
      log,
      state,
      lake,
      clock,
      publisher,
      consumers,
      scheduler,
      delivery,
      catchUp,
      active: detecting.active,
      env: options.env,
      startedAtMs: clock.now(),
    });
    const api = await startApi({
      host: options.host ?? '127.0.0.1',
      port: options.port ?? 7430,
      ...(options.token === undefined ? {} : { token: options.token }),
      services,
    });
    closers.push(() => api.close());

    return {
      url: api.url,
      publish: async (envelope, actor) => {
        const expectedSerial = publisher.live()?.serial ?? 0;
        const { channel, changed } = await publisher.publish({ envelope, expectedSerial, actor });
        await consumers.detect.reach(channel.next);
        return { changed, serial: channel.serial };
      },
      settled: async () => {
        await catchUp();
        await delivery.idle();
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function positionOf(state: State, consumer: string): Promise<ConsumerPosition> {
  return (await state.get<ConsumerPosition>('position', consumer)) ?? { next: 0 };
}

async function activeAt(
  position: ConsumerPosition,
  bundles: ReturnType<typeof createBundleStore>,
  detectorFor: (catalog: ActiveBundle['catalog']) => Promise<ActiveBundle['detector']>,
): Promise<ActiveBundle | undefined> {
  if (position.digest === undefined) return undefined;
  const catalog = await bundles.load(position.digest);
  return { catalog, detector: await detectorFor(catalog) };
}

/** The live channel at the detect consumer's position, brought up to activations that wait further on in the log. */
async function recoverLive(state: State, log: Log, from: Position): Promise<LiveChannel | undefined> {
  let live = await state.get<LiveChannel>('channel', 'live');
  let entries = await log.read(from, detectBytes);
  for (; entries.length > 0; entries = await log.read((entries.at(-1) as LogEntry).next, detectBytes)) {
    for (const { record, next } of entries) {
      if (record.kind !== 'activation') continue;
      live = { digest: record.digest, serial: record.serial, activatedAtMs: record.activatedAtMs, next };
    }
  }
  return live;
}

async function reachEnd(consumers: Readonly<Record<string, Consumer>>, end: Position): Promise<void> {
  await Promise.all(Object.values(consumers).map((consumer) => consumer.reach(end)));
}
