import type { BundleEnvelope } from '../model/bundle.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Clock } from '../model/clock.ts';
import type { Detection } from '../model/detection.ts';
import type { Log, Position } from '../model/log-record.ts';
import { openBundle } from '../model/open-bundle.ts';
import type { State } from '../model/state.ts';
import { type BundleCatalog, catalogBundle } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';
import { checkDestinations } from './deliver/index.ts';
import { type Detector, runEventTests, startDetector } from './detect/index.ts';
import { refuseFailures, refuseProblems, serialConflict } from './refuse-bundle.ts';
import { createSwitchGate } from './switch-gate.ts';

/** The `live` pointer: which bundle, the how-manieth activation, and where in the log it happened. */
export interface LiveChannel {
  readonly digest: string;
  readonly serial: number;
  readonly activatedAtMs: number;
  /** The log position after the activation record. */
  readonly next: Position;
}

/** What a publish needs. */
export interface PublisherOptions {
  readonly state: State;
  readonly log: Log;
  readonly bundles: BundleStore;
  readonly clock: Clock;
  readonly live: LiveChannel | undefined;
}

/** The one place where bundles become live. */
export interface Publisher {
  live(): LiveChannel | undefined;
  liveCatalog(channel: LiveChannel): Promise<BundleCatalog>;
  /** Runs with the log types that are live; no other bundle is activated until it has ended. */
  accept<T>(run: (logTypes: readonly string[]) => Promise<T>): Promise<T>;
  /**
   * Verifies a bundle, runs the event tests of its changed detections in a worker of its own, and activates it.
   *
   * @throws API_SERIAL_CONFLICT when another bundle went live meanwhile.
   * @throws COMPILE_BUNDLE_DIGEST, COMPILE_BUNDLE_INVALID when the bytes are not what they claim to be.
   * @throws API_BUNDLE_TESTS_FAILED when a test fails; the live bundle keeps running.
   */
  publish(request: {
    readonly envelope: BundleEnvelope;
    readonly expectedSerial: number;
    readonly actor: string;
  }): Promise<{ readonly channel: LiveChannel; readonly changed: boolean }>;
  /** Runs while no publish is under way; none begins before it has ended. */
  betweenPublishes<T>(run: () => Promise<T>): Promise<T>;
  /** The warm detector of a bundle that was just published, once; a new one otherwise. */
  takeDetector(catalog: BundleCatalog): Promise<Detector>;
  close(): Promise<void>;
}

/** Creates the publisher. Publishes are handled one after another. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { state, log, clock, bundles } = options;
  const warm = new Map<string, Detector>();
  const gate = createSwitchGate();
  let live = options.live;
  let queue: Promise<unknown> = Promise.resolve();

  const activate = async (envelope: BundleEnvelope, actor: string): Promise<LiveChannel> => {
    const { digest } = envelope;
    const serial = (live?.serial ?? 0) + 1;
    const activatedAtMs = clock.now();
    await bundles.save(envelope);
    return gate.switch(async () => {
      const { next } = await log.append({ kind: 'activation', digest, serial, activatedAtMs, actor });
      live = { digest, serial, activatedAtMs, next };
      return live;
    });
  };

  const publish: Publisher['publish'] = async ({ envelope, expectedSerial, actor }) => {
    const bundle = openBundle(envelope);
    const serial = live?.serial ?? 0;
    if (expectedSerial !== serial) throw serialConflict(expectedSerial, live);
    if (live?.digest === envelope.digest) return { channel: live, changed: false };
    refuseProblems(checkDestinations(bundle.routing));
    const catalog = catalogBundle(envelope.digest, bundle);
    const changed = await changedDetections(catalog, live, bundles);
    const detector = await startDetector({ bundle, quarantined: await quarantinedIn(state), clock });
    try {
      refuseFailures(await runEventTests(detector, changed));
      await warm.get(envelope.digest)?.close();
      // Before the activation: the detect consumer asks for it as soon as it reads of that.
      warm.set(envelope.digest, detector);
      return { channel: await activate(envelope, actor), changed: true };
    } catch (error) {
      if (warm.get(envelope.digest) === detector) warm.delete(envelope.digest);
      await detector.close();
      throw error;
    }
  };

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = queue.then(run);
    queue = result.catch(() => {});
    return result;
  };

  return {
    live: () => live,
    liveCatalog: (channel) => bundles.load(channel.digest),
    accept: (run) => gate.pass(async () => run(live ? [...(await bundles.load(live.digest)).logTypes.keys()] : [])),
    publish: (request) => inTurn(() => publish(request)),
    betweenPublishes: inTurn,
    takeDetector: async (catalog) => {
      const ready = warm.get(catalog.digest);
      warm.delete(catalog.digest);
      return ready ?? startDetector({ bundle: catalog.bundle, quarantined: await quarantinedIn(state), clock });
    },
    close: async () => {
      await queue;
      await Promise.all([...warm.values()].map((detector) => detector.close()));
    },
  };
}

/** Rule id → the version that is stopped. A changed detection has another version and runs again. */
export async function quarantinedIn(state: State): Promise<ReadonlyMap<string, string>> {
  const entries = await state.list<{ readonly version: string }>('quarantine');
  return new Map(entries.map(({ key, value }) => [key, value.version]));
}

async function changedDetections(
  catalog: BundleCatalog,
  live: LiveChannel | undefined,
  bundles: BundleStore,
): Promise<readonly Detection[]> {
  const before = live ? (await bundles.load(live.digest)).detections : new Map<string, Detection>();
  const isSame = (detection: Detection): boolean =>
    canonicalJson(before.get(detection.id)) === canonicalJson(detection);
  return catalog.bundle.detections.filter((detection) => !isSame(detection));
}
