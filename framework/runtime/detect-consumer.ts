import type { Alert } from '../model/alert.ts';
import type { Clock } from '../model/clock.ts';
import type { ActivationRecord, BatchRecord, LogEntry } from '../model/log-record.ts';
import type { RuleError, RuleMatch } from '../model/rule-match.ts';
import { stableId } from '../model/stable-id.ts';
import type { Changes, State } from '../model/state.ts';
import type { Row } from '../model/table.ts';
import { groupMatches, type WindowState, windowAlertIds, windowKeys } from './alert/index.ts';
import { alertChanges } from './alert-changes.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';
import type { ConsumerPosition } from './consumer.ts';
import { deadLetterRow } from './dead-letter-row.ts';
import type { Detector, DetectResult } from './detect/index.ts';
import { hear, watchFrom } from './last-heard.ts';
import { retireChanges } from './retire-changes.ts';

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
  readonly bundles: BundleStore;
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

  const activate = async (
    record: ActivationRecord,
    next: number,
    from: ConsumerPosition,
  ): Promise<ConsumerPosition> => {
    const { digest, serial, activatedAtMs } = record;
    const catalog = await options.bundles.load(digest);
    const detector = await options.detectorFor(catalog);
    const position = { next, digest, heard: watchFrom(from.heard, catalog.bundle, activatedAtMs) };
    try {
      const retired = await retireChanges(state, catalog, clock.now());
      await state.commit({
        put: [
          { space: 'position', key: 'detect', value: position },
          { space: 'channel', key: 'live', value: { digest, serial, activatedAtMs, next } },
          ...retired.put,
        ],
        remove: [...retired.remove, ...(await outdatedQuarantines(state, catalog))],
        rows: [{ table: 'audit', rows: [auditRow(record)] }, ...retired.rows],
      });
    } catch (error) {
      // The step is tried again, and takes another detector then.
      await detector.close();
      throw error;
    }
    put(catalog, detector);
    options.onActivate?.();
    return position;
  };

  const detect = async (entries: readonly LogEntry[], from: ConsumerPosition): Promise<ConsumerPosition> => {
    const batches = entries.map((entry) => entry.record as BatchRecord);
    if (!active) throw new Error('a batch stands before the first bundle');
    const { catalog, detector } = active;
    const results = await Promise.all(batches.map((batch) => detector.processBatch(batch)));
    const position = { ...from, next: (entries.at(-1) as LogEntry).next, heard: hear(from.heard, batches) };
    const changes = await resultChanges(results, catalog);
    await state.commit({ ...changes, put: [...changes.put, { space: 'position', key: 'detect', value: position }] });
    options.onCommit();
    return position;
  };

  const resultChanges = async (
    results: readonly DetectResult[],
    { bundle, detections }: BundleCatalog,
  ): Promise<Required<Pick<Changes, 'put' | 'rows'>>> => {
    const nowMs = clock.now();
    const matches = await unseen(
      state,
      results.flatMap((result) => result.matches),
    );
    const errors = await unseenErrors(
      state,
      results.flatMap((result) => result.errors),
    );
    const { routing } = bundle;
    const windows = await state.getMany<WindowState>('window', windowKeys(matches, errors));
    const alerts = await state.getMany<Alert>('alert', windowAlertIds(windows));
    const outcome = groupMatches({ matches, errors, detections, routing, windows, alerts, nowMs });
    const changes = alertChanges({ matches, errors, outcome, detections, routing, nowMs });
    const deadLetters = results.flatMap((result) => result.deadLetters.map(deadLetterRow));
    const quarantined = results.flatMap((result) => result.quarantined);
    const seen = [...matches.map((match) => match.matchId), ...errors.map((error) => error.errorId)];
    return {
      put: [
        ...changes.put,
        ...seen.map((key) => ({ space: 'match' as const, key, value: { seenAtMs: nowMs } })),
        ...quarantined.map((entry) => ({ space: 'quarantine' as const, key: entry.ruleId, value: entry })),
      ],
      rows: deadLetters.length > 0 ? [...changes.rows, { table: 'dead_letters', rows: deadLetters }] : changes.rows,
    };
  };

  return {
    step: async (entries, from) => {
      const activation = entries.findIndex((entry) => entry.record.kind === 'activation');
      const first = entries[0] as LogEntry;
      if (first.record.kind === 'activation') return activate(first.record, first.next, from);
      return detect(activation < 0 ? entries : entries.slice(0, activation), from);
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

/** Counts who still uses a detector. */
function createLeases(): { take(): () => void; allReleased(): Promise<void> } {
  let open = 0;
  let settle = (): void => {};
  return {
    take: () => {
      open += 1;
      let isOpen = true;
      return () => {
        if (isOpen) open -= 1;
        isOpen = false;
        if (open === 0) settle();
      };
    },
    allReleased: () =>
      new Promise((resolve) => {
        settle = resolve;
        if (open === 0) resolve();
      }),
  };
}

/** A quarantine is of one version of a detection: another version, or none, ends it. */
async function outdatedQuarantines(state: State, catalog: BundleCatalog): Promise<Required<Changes>['remove']> {
  const entries = await state.list<{ readonly version: string }>('quarantine');
  return entries
    .filter(({ key, value }) => catalog.detections.get(key)?.version !== value.version)
    .map(({ key }) => ({ space: 'quarantine', key }));
}

/** The matches whose ids were never committed before, each once: a vendor's redelivery is the same event. */
async function unseen(state: State, matches: readonly RuleMatch[]): Promise<readonly RuleMatch[]> {
  const byId = new Map<string, RuleMatch>();
  for (const match of matches) if (!byId.has(match.matchId)) byId.set(match.matchId, match);
  const seen = await state.getMany('match', [...byId.keys()]);
  return [...byId.values()].filter((match) => !seen.has(match.matchId));
}

/** The errors that were not committed before: a redelivered event fails again, which is no news. */
async function unseenErrors(state: State, errors: readonly RuleError[]): Promise<readonly RuleError[]> {
  const seen = await state.getMany(
    'match',
    errors.map((error) => error.errorId),
  );
  return errors.filter((error) => !seen.has(error.errorId));
}

function auditRow(record: ActivationRecord): Row {
  return {
    audit_id: stableId('audit', 'publish', String(record.serial)),
    happened_at: new Date(record.activatedAtMs).toISOString(),
    actor: record.actor,
    action: 'publish',
    digest: record.digest,
    detail: { serial: record.serial },
  };
}
