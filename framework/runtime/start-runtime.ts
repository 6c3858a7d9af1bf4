import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle, BundleEnvelope } from '../model/bundle.ts';
import type { Clock, StartTimer } from '../model/clock.ts';
import type { Routing } from '../model/destination.ts';
import { startApi } from './api/index.ts';
import { startArchiving } from './archiving.ts';
import { createBundleStore } from './bundle-store.ts';
import { reachAll, reachAllWithin } from './catch-up.ts';
import { startConsumer } from './consumer.ts';
import { startDelivery } from './deliver/index.ts';
import { createDetectConsumer } from './detect-consumer.ts';
import { keepHouse } from './keep-house.ts';
import { type OpenLake, openLake } from './lake/index.ts';
import { createLakeStep } from './lake-consumer.ts';
import { type LastHeard, silences } from './last-heard.ts';
import { type OpenLog, openLog } from './log/index.ts';
import { createPublisher } from './publish-bundle.ts';
import { queryFailureChanges } from './query-failure.ts';
import { recoverActive, recoverLive, recoverPosition } from './recover.ts';
import { createRowEncoder } from './row-encoder.ts';
import { runQuery } from './run-query.ts';
import { startScheduler } from './schedule/index.ts';
import { openBackfills } from './services/backfill/backfills.ts';
import { createServices } from './services/create-services.ts';
import { watchTroubles } from './watch-troubles.ts';

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
  /** What wakes the schedule, the watch over silent sources and housekeeping. @defaultValue the machine's timers */
  readonly startTimer?: StartTimer;
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
/** Who asks for something waits this long for the log to be read. */
const answerWithinMs = 15_000;

/**
 * Starts the embedded runtime: the log, its consumers, the schedule, delivery and the API. The only place where
 * the rooms of the runtime meet.
 *
 * @throws LAKE_LOCKED when another runtime uses the directory.
 * @throws API_TOKEN_REQUIRED when the host is not a loopback address and there is no token.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { clock, directory, startTimer } = options;
  const onNotice = options.onNotice ?? (() => {});
  const { closers, closeAll } = collectClosers();
  try {
    const { opened, log } = await openStorage(options, closers, onNotice);
    const { state, lake } = opened;

    const bundles = createBundleStore(state);
    let afterActivation = (): void => {};
    const detectStart = await recoverPosition(state, 'detect');
    const live = await recoverLive(state, log, detectStart.next);
    const publisher = createPublisher({ state, log, bundles, clock, live });
    closers.push(() => publisher.close());

    const detecting = createDetectConsumer({
      state,
      bundles,
      clock,
      active: await recoverActive(detectStart, bundles, publisher.takeDetector),
      detectorFor: publisher.takeDetector,
      onCommit: () => delivery.wake(),
      onActivate: () => afterActivation(),
    });
    closers.push(() => detecting.close());
    const bundle = (): Bundle | undefined => detecting.active()?.catalog.bundle;
    const routing = (): Routing => bundle()?.routing ?? { destinations: [] };
    const delivery = startDelivery({
      state,
      clock,
      env: options.env,
      routing,
      directory,
      onNotice,
      ...(options.write ? { write: options.write } : {}),
    });
    closers.push(() => delivery.close());

    const encoder = createRowEncoder();
    closers.push(() => encoder.close());
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
        start: await recoverPosition(state, 'lake'),
        maxBytes: lakeBytes,
        lingerMs: lakeLingerMs,
        step: createLakeStep({ lake: opened, bundles, encoder }),
        onNotice,
      }),
    };
    closers.push(async () => {
      await Promise.all(Object.values(consumers).map((consumer) => consumer.close()));
    });
    const archiveDirectory = join(directory, 'archive');
    const archiving = await startArchiving({ directory: archiveDirectory, log, state, clock, onNotice });
    closers.push(() => archiving.consumer.close());
    const readers = [...Object.values(consumers), archiving.consumer];
    closers.push(
      keepHouse({
        ...{ clock, log, state, lake: opened, consumers: readers, onNotice, startTimer },
        archive: archiving,
        bundle,
      }),
    );

    const heard = (): LastHeard | undefined => consumers.detect.position().heard;
    const silent = (): ReadonlySet<string> =>
      new Set(silences(bundle() ?? { logTypes: [] }, heard(), clock.now()).map(({ logType }) => logType));
    const scheduler = startScheduler({
      clock,
      state,
      queries: () => bundle()?.queries ?? [],
      run: (run, { query, signal, staleBeforeMs }) =>
        runQuery({
          lake,
          state,
          clock,
          lease: detecting.lease,
          query,
          run,
          staleBeforeMs,
          silent,
          catchUp: () => reachAllWithin(consumers, log.end(), query.timeoutMs, signal),
          signal,
        }),
      onEnd: (run, query) => queryFailureChanges(state, { run, query }, routing(), clock.now()),
      onCommit: () => delivery.wake(),
      onNotice,
      startTimer,
    });
    closers.push(() => scheduler.close());
    afterActivation = () => scheduler.wake();
    const watch = watchTroubles({
      clock,
      state,
      ...{ bundle, heard },
      catchUp: (signal) => consumers.detect.reach(log.end(), signal),
      onCommit: () => delivery.wake(),
      onNotice,
      startTimer,
    });
    closers.push(() => watch.close());

    const backfills = openBackfills(
      { state, lake, clock, active: detecting.active, catchUp: () => reachAll(consumers, log.end()) },
      onNotice,
    );
    closers.push(() => backfills.close());
    await backfills.resume();

    const services = createServices({
      log,
      state,
      lake,
      freezeLake: opened.freeze,
      archiveDirectory,
      clock,
      publisher,
      consumers,
      ...{ archiving, opened },
      scheduler,
      delivery,
      backfills,
      catchUp: () => reachAllWithin(consumers, log.end(), answerWithinMs),
      active: detecting.active,
      renewDetector: detecting.renew,
      env: options.env,
      startedAtMs: clock.now(),
    });
    const api = await startApi({
      host: options.host ?? '127.0.0.1',
      port: options.port ?? 7430,
      ...(options.token === undefined ? {} : { token: options.token }),
      services,
      log: onNotice,
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
        await reachAll(consumers, log.end());
        await delivery.idle();
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** What must be closed, last in, first out. */
type Closers = (() => Promise<void>)[];

function collectClosers(): { readonly closers: Closers; readonly closeAll: () => Promise<void> } {
  const closers: Closers = [];
  return {
    closers,
    closeAll: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

/** The lake first: its file lock is the operating system's, and keeps a second runtime off the log as well. */
async function openStorage(
  { directory, clock }: RuntimeOptions,
  closers: Closers,
  onNotice: (notice: string) => void,
): Promise<{ readonly opened: OpenLake; readonly log: OpenLog }> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const opened = await openLake({
    directory: join(directory, 'lake'),
    clock,
    onError: (error) => onNotice(`lake: ${error instanceof Error ? error.message : String(error)}`),
  });
  closers.push(() => opened.close());
  const log = await openLog({
    directory: join(directory, 'log'),
    clock,
    onNotice: ({ file, droppedBytes }) =>
      onNotice(`log: dropped ${droppedBytes} bytes of an unfinished write in ${file}`),
  });
  closers.push(() => log.close());
  return { opened, log };
}
