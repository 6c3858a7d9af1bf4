import type { Bundle, BundleEnvelope } from '../model/bundle.ts';
import { canonicalJson } from '../model/canonical-json.ts';
import type { Clock } from '../model/clock.ts';
import type { Detection } from '../model/detection.ts';
import type { ActivationRecord, Log } from '../model/log-record.ts';
import { MargayError } from '../model/margay-error.ts';
import type { State } from '../model/state.ts';
import type { Row } from '../model/table.ts';
import { type Activation, activationKey, keptActivations } from './activation.ts';
import { type BundleCatalog, catalogBundle } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';
import { chooseRollback, unknownBundle } from './choose-rollback.ts';
import { compareBundles } from './compare-bundles.ts';
import { checkDestinations, missingSecrets } from './deliver/index.ts';
import { type Detector, runEventTests, startDetector } from './detect/index.ts';
import { channelOf, type LiveChannel } from './live-channel.ts';
import {
  refuseFailures,
  refuseFrozen,
  refuseMissingSecrets,
  refuseOtherCommit,
  refuseProblems,
  refuseRemovals,
  serialConflict,
} from './refuse-bundle.ts';
import { createSwitchGate } from './switch-gate.ts';
import { reusedIds } from './tombstones.ts';

/** A bundle to make live, and what that may do. */
export interface PublishOrder {
  readonly envelope: BundleEnvelope;
  readonly expectedSerial: number;
  readonly actor: string;
  /** How many items it may remove, beyond a few. @defaultValue 0 */
  readonly allowRemovals?: number | undefined;
  /** Whether it may name secrets that the runtime lacks. */
  readonly allowMissingSecrets?: boolean | undefined;
  /** Ids that may come back with other logic than they were removed with. */
  readonly revive?: readonly string[] | 'all' | undefined;
  /** The digest of the plan that it carries out. */
  readonly plan?: string | undefined;
}

/** A way back. */
export interface RollbackOrder {
  /** @defaultValue what was live before the live bundle was published */
  readonly to?: string | undefined;
  readonly reason: string;
  readonly actor: string;
  /** The commit that it may take back. @defaultValue any */
  readonly commit?: string | undefined;
}

/** What a publish needs. */
export interface PublisherOptions {
  readonly state: State;
  readonly log: Log;
  readonly bundles: BundleStore;
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
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
   * @throws API_CHANNEL_FROZEN while a rollback holds the channel.
   * @throws API_SERIAL_CONFLICT when another bundle went live meanwhile.
   * @throws COMPILE_BUNDLE_DIGEST, COMPILE_BUNDLE_INVALID when the bytes are not what they claim to be.
   * @throws API_REMOVALS_REFUSED, API_SECRETS_MISSING, API_ID_REUSED when it does what was not allowed.
   * @throws API_BUNDLE_TESTS_FAILED when a test fails; the live bundle keeps running.
   */
  publish(order: PublishOrder): Promise<{ readonly channel: LiveChannel; readonly changed: boolean }>;
  /**
   * Activates a bundle that was live before, and freezes the channel. Nothing is tested: it ran.
   *
   * @throws API_BUNDLE_UNKNOWN, API_ROLLBACK_IMPOSSIBLE, API_COMMIT_REFUSED
   */
  rollback(order: RollbackOrder): Promise<LiveChannel>;
  /** Lets publishes through again. @throws API_NOT_FROZEN */
  resume(row: (held: LiveChannel) => Row): Promise<LiveChannel>;
  /** Runs while no publish is under way; none begins before it has ended. */
  betweenPublishes<T>(run: () => Promise<T>): Promise<T>;
  /** The warm detector of a bundle that was just published, once; a new one otherwise, or where versions run side by side. */
  takeDetector(catalog: BundleCatalog): Promise<Detector>;
  close(): Promise<void>;
}

/** Creates the publisher. Publishes are handled one after another. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { state, log, clock, bundles } = options;
  const warm = new Map<string, Detector>();
  const gate = createSwitchGate();
  let live = options.live;
  /** What was activated here: the consumer that writes it into the state may be behind. */
  let made: readonly Activation[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  const activate = async (
    envelope: BundleEnvelope,
    detector: Detector,
    by: Pick<ActivationRecord, 'actor' | 'action' | 'plan' | 'reason'>,
  ): Promise<LiveChannel> => {
    const { digest, commit } = envelope;
    try {
      await warm.get(digest)?.close();
      // Before the activation: the detect consumer asks for it as soon as it reads of that.
      warm.set(digest, detector);
      await bundles.save(envelope);
      const [serial, activatedAtMs] = [(live?.serial ?? 0) + 1, clock.now()];
      const record = { kind: 'activation', digest, serial, activatedAtMs, commit, ...by } as const;
      return await gate.switch(async () => {
        const { next } = await log.append(record);
        live = channelOf(record, next);
        made = [...made, record].slice(-keptActivations);
        return live;
      });
    } catch (error) {
      if (warm.get(digest) === detector) warm.delete(digest);
      await detector.close();
      throw error;
    }
  };

  const detectorOf = async ({ bundle }: BundleCatalog): Promise<Detector> =>
    startDetector({ bundle, quarantined: await quarantinedIn(state), clock });

  const publish: Publisher['publish'] = async (order) => {
    const { envelope, expectedSerial, actor, plan } = order;
    const bundle = bundles.verify(envelope);
    refuseFrozen(live?.frozen);
    if (expectedSerial !== (live?.serial ?? 0)) throw await conflict(expectedSerial);
    if (live?.digest === envelope.digest) return { channel: live, changed: false };
    const before = live && (await bundles.load(live.digest)).bundle;
    refuseProblems(checkDestinations(bundle.routing));
    if (order.revive !== 'all') refuseProblems(await reusedIds(state, before, bundle, order.revive ?? []));
    refuseRemovals(compareBundles(before, bundle), order.allowRemovals ?? 0);
    if (!order.allowMissingSecrets) refuseMissingSecrets(newlyMissing(before, bundle, options.env));
    const detector = await detectorOf(catalogBundle(envelope.digest, bundle));
    try {
      refuseFailures(await runEventTests(detector, changedDetections(before, bundle)));
    } catch (error) {
      await detector.close();
      throw error;
    }
    return { channel: await activate(envelope, detector, { actor, action: 'publish', plan }), changed: true };
  };

  /** The error that tells a publisher what went live since it looked. */
  const conflict = async (expectedSerial: number): Promise<MargayError> => {
    const seen = await state.get<Activation>('channel', activationKey(expectedSerial));
    const load = async (digest: string) => (await bundles.load(digest)).bundle;
    const isKnown = live && (seen || expectedSerial === 0);
    const meanwhile = isKnown && compareBundles(seen && (await load(seen.digest)), await load(live?.digest as string));
    return serialConflict(expectedSerial, live, meanwhile || undefined);
  };

  const rollback: Publisher['rollback'] = async ({ to, reason, actor, commit }) => {
    if (live && commit !== undefined) {
      refuseOtherCommit(commit, (await state.get<BundleEnvelope>('bundle', live.digest))?.commit);
    }
    const written = (await state.list<Activation>('channel', { prefix: 'past/' })).map(({ value }) => value);
    const last = written.at(-1)?.serial ?? 0;
    const digest = chooseRollback([...written, ...made.filter(({ serial }) => serial > last)], live, to);
    const envelope = await state.get<BundleEnvelope>('bundle', digest);
    if (!envelope) throw unknownBundle(digest);
    const detector = await detectorOf(await bundles.load(digest));
    return activate(envelope, detector, { actor, action: 'rollback', reason });
  };

  const resume: Publisher['resume'] = async (row) => {
    if (!live?.frozen) {
      throw new MargayError('API_NOT_FROZEN', 'Nothing holds the channel; there is nothing to resume.', {
        hint: "'margay history' shows what went live.",
      });
    }
    const { frozen: _ended, ...rest } = live;
    await state.commit({
      put: [{ space: 'channel', key: 'live', value: rest }],
      rows: [{ table: 'audit', rows: [row(live)] }],
    });
    live = rest;
    return live;
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
    publish: (order) => inTurn(() => publish(order)),
    rollback: (order) => inTurn(() => rollback(order)),
    resume: (row) => inTurn(() => resume(row)),
    betweenPublishes: inTurn,
    takeDetector: async (catalog) => {
      const ready = warm.get(catalog.digest);
      warm.delete(catalog.digest);
      if (ready && catalog.isSideBySide) {
        await ready.close();
        return detectorOf(catalog);
      }
      return ready ?? detectorOf(catalog);
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

/** What is live and lacks a secret as well is no reason to refuse what may put something else right. */
function newlyMissing(before: Bundle | undefined, after: Bundle, env: NodeJS.ProcessEnv): readonly string[] {
  const known = new Set(before ? missingSecrets(before.routing, env) : []);
  return missingSecrets(after.routing, env).filter((name) => !known.has(name));
}

function changedDetections(before: Bundle | undefined, after: Bundle): readonly Detection[] {
  const known = new Map(before?.detections.map((detection) => [detection.id, canonicalJson(detection)]));
  return after.detections.filter((detection) => known.get(detection.id) !== canonicalJson(detection));
}
