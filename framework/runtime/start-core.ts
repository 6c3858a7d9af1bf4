import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../model/bundle.ts';
import type { Routing } from '../model/destination.ts';
import { type BundleStore, createBundleStore } from './bundle-store.ts';
import type { OnClose } from './closers.ts';
import { type Consumer, startConsumer } from './consumer.ts';
import { type Delivery, startDelivery } from './deliver/index.ts';
import { createDetectConsumer, type DetectConsumer } from './detect-consumer.ts';
import { type OpenLake, openLake } from './lake/index.ts';
import { createLakeStep } from './lake-consumer.ts';
import { type OpenLog, openLog } from './log/index.ts';
import { createPublisher, type Publisher } from './publish-bundle.ts';
import { recoverActive, recoverLive, recoverPosition } from './recover.ts';
import { createRowEncoder } from './row-encoder.ts';
import type { RuntimeOptions } from './runtime-options.ts';

/** The log, what reads it, and what those rest on. */
export interface RuntimeCore extends Storage {
  readonly publisher: Publisher;
  readonly detecting: DetectConsumer;
  readonly delivery: Delivery;
  readonly consumers: Readonly<Record<'detect' | 'lake', Consumer>>;
  /** The bundle in force. */
  readonly bundle: () => Bundle | undefined;
  readonly routing: () => Routing;
  /** From now on called when another bundle has come into force. */
  listen(onActivate: () => void): void;
  readonly onNotice: (notice: string) => void;
}

interface Storage {
  readonly log: OpenLog;
  readonly opened: OpenLake;
}

const detectBytes = 4 * 1024 * 1024;
const lakeBytes = 16 * 1024 * 1024;
const lakeLingerMs = 5_000;

/** Opens log and lake, and starts the consumers where they were: what was acknowledged is detected, filed and delivered. */
export async function startCore(options: RuntimeOptions, onClose: OnClose): Promise<RuntimeCore> {
  const { clock, env, directory, write } = options;
  const onNotice = options.onNotice ?? (() => {});
  const storage = await openStorage(options, onClose, onNotice);
  const { state } = storage.opened;
  const bundles = createBundleStore(state, options.trust?.publicKeys);
  const start = await recoverPosition(state, 'detect');
  const live = await recoverLive(state, storage.log, start.next);
  const publisher = createPublisher({ ...storage, state, bundles, clock, env, live });
  onClose(() => publisher.close());

  let onActivate = (): void => {};
  const detecting = createDetectConsumer({
    ...{ state, bundles, clock, detectorFor: publisher.takeDetector },
    active: await recoverActive(start, state, bundles, publisher.takeDetector),
    onCommit: () => delivery.wake(),
    onActivate: () => onActivate(),
  });
  onClose(() => detecting.close());
  const bundle = (): Bundle | undefined => detecting.active()?.catalog.bundle;
  const routing = (): Routing => bundle()?.routing ?? { destinations: [] };
  const delivery = startDelivery({ state, clock, env, routing, directory, onNotice, ...(write ? { write } : {}) });
  onClose(() => delivery.close());

  const consumers = await startConsumers({ ...storage, bundles, detecting, onNotice }, onClose);
  const listen = (listener: () => void): void => {
    onActivate = listener;
  };
  return { ...storage, publisher, detecting, delivery, consumers, bundle, routing, listen, onNotice };
}

/** The lake first: its file lock is the operating system's, and keeps a second runtime off the log as well. */
async function openStorage(
  { directory, clock }: RuntimeOptions,
  onClose: OnClose,
  onNotice: RuntimeCore['onNotice'],
): Promise<Storage> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const opened = await openLake({
    directory: join(directory, 'lake'),
    clock,
    onError: (error) => onNotice(`lake: ${error instanceof Error ? error.message : String(error)}`),
  });
  onClose(() => opened.close());
  const log = await openLog({
    directory: join(directory, 'log'),
    clock,
    onNotice: ({ file, droppedBytes }) =>
      onNotice(`log: dropped ${droppedBytes} bytes of an unfinished write in ${file}`),
  });
  onClose(() => log.close());
  return { opened, log };
}

async function startConsumers(
  {
    log,
    opened,
    bundles,
    detecting,
    onNotice,
  }: Storage & Pick<RuntimeCore, 'detecting' | 'onNotice'> & { readonly bundles: BundleStore },
  onClose: OnClose,
): Promise<RuntimeCore['consumers']> {
  const encoder = createRowEncoder();
  onClose(() => encoder.close());
  const consumers = {
    detect: startConsumer({
      ...{ name: 'detect', log, onNotice, maxBytes: detectBytes, step: detecting.step },
      start: await recoverPosition(opened.state, 'detect'),
    }),
    lake: startConsumer({
      ...{ name: 'lake', log, onNotice, maxBytes: lakeBytes, lingerMs: lakeLingerMs },
      start: await recoverPosition(opened.state, 'lake'),
      step: createLakeStep({ lake: opened, bundles, encoder }),
    }),
  };
  onClose(async () => {
    await Promise.all(Object.values(consumers).map((consumer) => consumer.close()));
  });
  return consumers;
}
