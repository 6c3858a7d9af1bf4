import type { Bundle } from '../model/bundle.ts';
import type { Detection } from '../model/detection.ts';
import type { ActivationRecord } from '../model/log-record.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Changes, State, StateEntry } from '../model/state.ts';
import { shadowWindowPrefix } from './alert/index.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';

/** What is tried from an activation or a promotion on. */
export interface RolloutSwitch {
  readonly rollouts: readonly StateEntry<Rollout>[];
  /** For the commit of the switch. */
  readonly changes: Required<Pick<Changes, 'expect' | 'put' | 'remove'>>;
  /** First ids of detections of which no trial goes on: what fired in the shadow is over. */
  readonly ended: ReadonlySet<string>;
}

/**
 * What is tried when a bundle comes into force. A version that is not the one that alerts is tried, if its detection
 * asks for that with `rollout`; one that is tried already goes on. All else alerts at once: the first bundle of a
 * runtime, because there is nothing that could alert meanwhile; what somebody goes back to, because it ran, unless it
 * never got beyond the shadow; a version that reads something else than the one before, which can run no more.
 */
export async function switchRollouts(
  state: State,
  record: Pick<ActivationRecord, 'action' | 'activatedAtMs'>,
  before: BundleCatalog | undefined,
  after: Bundle,
  bundles: Pick<BundleStore, 'load'>,
): Promise<RolloutSwitch> {
  const known = await state.list<Rollout>('rollout');
  const byFirstId = new Map(known.map(({ key, value }) => [key, value]));
  const rollouts: StateEntry<Rollout>[] = [];
  for (const detection of after.detections) {
    const { firstId, mode, rollout } = detection;
    if (mode !== 'live' || !rollout || !before) continue;
    const tried = byFirstId.get(firstId);
    const bundle = tried?.live ? await bundles.load(tried.live.digest) : before;
    const next = nextRollout(record, bundle, after, detection, tried);
    if (next) rollouts.push({ key: firstId, value: next });
  }
  return withChanges(state, known, rollouts);
}

/** What is tried still when one version has been promoted. */
export async function endRollout(state: State, firstId: string): Promise<RolloutSwitch> {
  const known = await state.list<Rollout>('rollout');
  return withChanges(
    state,
    known,
    known.filter(({ key }) => key !== firstId),
  );
}

/** @param before - The bundle of the version that alerts. */
function nextRollout(
  { action, activatedAtMs }: Pick<ActivationRecord, 'action' | 'activatedAtMs'>,
  before: BundleCatalog,
  after: Bundle,
  detection: Detection,
  known: Rollout | undefined,
): Rollout | undefined {
  const { version } = detection;
  const old = before.bundle.detections.find(({ firstId }) => firstId === detection.firstId);
  const isLive = old?.mode === 'live';
  const live = known ? known.live : old && isLive ? { version: old.version, digest: before.digest } : undefined;
  if (live?.version === version || !canRun(live && old, after)) return undefined;
  if (known?.trial.version === version) return { ...known, ruleId: detection.id };
  if (action === 'rollback' && !known?.unproven.includes(version)) return undefined;
  const trial = { version, sinceMs: activatedAtMs, evaluated: 0, matches: 0, errors: 0, alertsByDay: [] };
  const unproven = [...new Set([...(known?.unproven ?? []), version])];
  return { ruleId: detection.id, ...(live ? { live } : {}), trial, unproven };
}

/** Whether what a version reads is still there. */
function canRun(old: Detection | undefined, { logTypes, queries }: Bundle): boolean {
  if (!old) return true;
  const { source } = old;
  if (source.kind === 'query') return queries.some(({ id }) => id === source.query);
  return source.logTypes.every((name) => logTypes.some((logType) => logType.name === name));
}

async function withChanges(
  state: State,
  known: readonly StateEntry<Rollout>[],
  rollouts: readonly StateEntry<Rollout>[],
): Promise<RolloutSwitch> {
  const next = new Map(rollouts.map(({ key, value }) => [key, value]));
  const ended = new Set(
    known.flatMap(({ key, value }) => (next.get(key)?.trial.sinceMs === value.trial.sinceMs ? [] : [key])),
  );
  const windows = await Promise.all([...ended].map((key) => state.list('window', { prefix: shadowWindowPrefix(key) })));
  return {
    rollouts,
    ended,
    changes: {
      // A run of a scheduled query may have counted meanwhile; then the step is tried again.
      expect: known.map(({ key, value }) => ({ space: 'rollout', key, value })),
      put: rollouts.map(({ key, value }) => ({ space: 'rollout', key, value })),
      remove: [
        ...known.flatMap(({ key }) => (next.has(key) ? [] : [{ space: 'rollout' as const, key }])),
        ...windows.flat().map(({ key }) => ({ space: 'window' as const, key })),
      ],
    },
  };
}
