import { type AuditEntry, auditRow } from '../model/audit-row.ts';
import type { Clock } from '../model/clock.ts';
import type { ActivationRecord, BatchRecord, LogEntry, PromotionRecord } from '../model/log-record.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Changes, State } from '../model/state.ts';
import { activationKey } from './activation.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';
import type { ConsumerPosition } from './consumer.ts';
import type { Detector } from './detect/index.ts';
import { hear, watchFrom } from './last-heard.ts';
import { createLeases } from './leases.ts';
import { channelOf } from './live-channel.ts';
import { resultChanges } from './result-changes.ts';
import { retireChanges } from './retire-changes.ts';
import { endRollout, type RolloutSwitch, switchRollouts } from './rollout-switch.ts';
import { sideBySide } from './side-by-side.ts';
import { tombstoneChanges } from './tombstones.ts';

/** A bundle in force and the worker that evaluates it. */
export interface ActiveBundle {
  readonly catalog: BundleCatalog;
  readonly detector: Detector;
}

/** A bundle that stays usable until it is released, also when another one comes into force meanwhile. */
export interface BundleLease extends ActiveBundle {
  release(): void;
}

/** The consumer that turns batches into matches, alerts and outbox entries. */
export interface DetectConsumer {
  step(entries: readonly LogEntry[], from: ConsumerPosition): Promise<ConsumerPosition>;
  /** The bundle in force at the consumer's position. */
  active(): ActiveBundle | undefined;
  /** The same, for work that takes a while. */
  lease(): BundleLease | undefined;
  /** Another detector for the bundle in force: after a quarantine was lifted. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** What the detect consumer needs. */
export interface DetectConsumerOptions {
  readonly state: State;
  readonly bundles: Pick<BundleStore, 'load'>;
  readonly clock: Clock;
  readonly active: ActiveBundle | undefined;
  /** The detector for a bundle: the one that ran its tests before the switch, or a new one. */
  readonly detectorFor: (catalog: BundleCatalog) => Promise<Detector>;
  readonly onCommit: () => void;
  /** Called when another bundle has come into force. */
  readonly onActivate?: () => void;
}

/** Creates the consumer's step. Everything a step produced is committed with its position, or not at all. */
export function createDetectConsumer(options: DetectConsumerOptions): DetectConsumer {
  const { state, clock } = options;
  let active = options.active;
  let leases = createLeases();
  let closing: Promise<unknown> = Promise.resolve();

  /** What is under way with the detector before ends there. */
  const put = (catalog: BundleCatalog, detector: Detector): void => {
    const before = active;
    closing = Promise.allSettled([closing, leases.allReleased().then(() => before?.detector.close())]);
    active = { catalog, detector };
    leases = createLeases();
  };

  const renew = async (): Promise<void> => {
    if (!active) return;
    const { catalog } = active;
    const detector = await options.detectorFor(catalog);
    if (active.catalog === catalog) {
      put(catalog, detector);
      return;
    }
    // Another bundle came into force meanwhile, maybe with a detector from before what this is about.
    await detector.close();
    await renew();
  };

  /** Commits a switch with all that it begins and ends, and evaluates with its catalog from then on. */
  const switchTo = async (
    catalog: BundleCatalog,
    tried: RolloutSwitch,
    own: Required<Pick<Changes, 'put' | 'remove'>> & { readonly audit: Parameters<typeof auditRow>[0] },
  ): Promise<void> => {
    const detector = await options.detectorFor(catalog);
    try {
      const retired = await retireChanges(state, catalog, clock.now(), tried.ended);
      const outdated = await outdatedQuarantines(state, catalog);
      await state.commit({
        expect: tried.changes.expect,
        put: [...tried.changes.put, ...own.put, ...retired.put],
        remove: [...tried.changes.remove, ...own.remove, ...retired.remove, ...outdated],
        rows: [{ table: 'audit', rows: [auditRow(own.audit)] }, ...retired.rows],
      });
    } catch (error) {
      // The step is tried again, and takes another detector then.
      await detector.close();
      throw error;
    }
    put(catalog, detector);
    options.onActivate?.();
  };

  const activate = async (
    record: ActivationRecord,
    next: number,
    from: ConsumerPosition,
  ): Promise<ConsumerPosition> => {
    const { kind: _kind, ...activation } = record;
    const { digest, serial, activatedAtMs } = record;
    const before = from.digest === undefined ? undefined : await options.bundles.load(from.digest);
    const published = await options.bundles.load(digest);
    const tried = await switchRollouts(state, record, before, published.bundle, options.bundles);
    const catalog = await sideBySide(published, tried.rollouts, options.bundles);
    const position = { next, digest, heard: watchFrom(from.heard, catalog.bundle, activatedAtMs) };
    const tombstones = tombstoneChanges(before?.bundle, published.bundle, record);
    await switchTo(catalog, tried, {
      put: [
        { space: 'position', key: 'detect', value: position },
        { space: 'channel', key: 'live', value: channelOf(record, next) },
        { space: 'channel', key: activationKey(serial), value: activation },
        ...tombstones.put,
      ],
      remove: tombstones.remove,
      audit: auditEntry(record, tombstones.put),
    });
    return position;
  };

  const promote = async (record: PromotionRecord, next: number, from: ConsumerPosition): Promise<ConsumerPosition> => {
    const position = { ...from, next };
    const moved = [{ space: 'position', key: 'detect', value: position }] as const;
    const rollout = await state.get<Rollout>('rollout', record.detection);
    if (!active || from.digest === undefined || rollout?.trial.version !== record.version) {
      await state.commit({ put: moved });
      return position;
    }
    const tried = await endRollout(state, record.detection);
    const catalog = await sideBySide(await options.bundles.load(from.digest), tried.rollouts, options.bundles);
    await switchTo(catalog, tried, { put: moved, remove: [], audit: promotionEntry(record, rollout, from.digest) });
    return position;
  };

  const detect = async (entries: readonly LogEntry[], from: ConsumerPosition): Promise<ConsumerPosition> => {
    const batches = entries.map((entry) => entry.record as BatchRecord);
    if (!active) throw new Error('a batch stands before the first bundle');
    const { catalog, detector } = active;
    const results = await Promise.all(batches.map((batch) => detector.processBatch(batch)));
    const position = { ...from, next: (entries.at(-1) as LogEntry).next, heard: hear(from.heard, batches) };
    const changes = await resultChanges(state, results, batches, catalog, clock.now());
    await state.commit({ ...changes, put: [...changes.put, { space: 'position', key: 'detect', value: position }] });
    options.onCommit();
    return position;
  };

  return {
    step: async (entries, from) => {
      const change = entries.findIndex((entry) => entry.record.kind !== 'batch');
      const { record, next } = entries[0] as LogEntry;
      if (record.kind === 'activation') return activate(record, next, from);
      if (record.kind === 'promotion') return promote(record, next, from);
      return detect(change < 0 ? entries : entries.slice(0, change), from);
    },
    active: () => active,
    lease: () => active && { ...active, release: leases.take() },
    renew,
    close: async () => {
      await leases.allReleased();
      await active?.detector.close();
      await closing;
    },
  };
}

/** A quarantine is of one version of a detection: another version, or none, ends it. */
async function outdatedQuarantines(state: State, catalog: BundleCatalog): Promise<Required<Changes>['remove']> {
  const entries = await state.list<{ readonly version: string }>('quarantine');
  return entries
    .filter(({ key, value }) => !catalog.bundle.detections.some((it) => it.id === key && it.version === value.version))
    .map(({ key }) => ({ space: 'quarantine', key }));
}

function auditEntry(record: ActivationRecord, removed: readonly { readonly key: string }[]): AuditEntry {
  const { action = 'publish', actor, digest, serial, plan, reason, activatedAtMs } = record;
  const detail = {
    serial,
    ...(plan === undefined ? {} : { plan }),
    ...(reason === undefined ? {} : { reason }),
    ...(removed.length > 0 ? { removed: removed.map(({ key }) => key) } : {}),
  };
  return { action, actor, digest, detail, atMs: activatedAtMs };
}

function promotionEntry(
  { version, actor, promotedAtMs }: PromotionRecord,
  rollout: Rollout,
  digest: string,
): AuditEntry {
  const { ruleId, trial, live } = rollout;
  const { evaluated, matches, errors, alertsByDay, sinceMs } = trial;
  const detail = {
    ...{ ruleId, version, replaces: live?.version ?? null, since: new Date(sinceMs).toISOString() },
    ...{ evaluated, matches, errors, alertsByDay },
  };
  return { action: 'promote', actor, digest, detail, atMs: promotedAtMs };
}
