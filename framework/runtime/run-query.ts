import type { Alert } from '../model/alert.ts';
import type { Clock } from '../model/clock.ts';
import type { Detection } from '../model/detection.ts';
import type { Lake, QueryResult } from '../model/lake.ts';
import type { QueryRun } from '../model/query-run.ts';
import type { Rollout } from '../model/rollout.ts';
import type { RuleError } from '../model/rule-match.ts';
import type { ScheduledQuery } from '../model/scheduled-query.ts';
import { stageOf } from '../model/stage.ts';
import type { Changes, State } from '../model/state.ts';
import type { Row } from '../model/table.ts';
import { foldClock } from '../sql/index.ts';
import {
  advanceFiring,
  type FiringState,
  firingAlertIds,
  firingKey,
  groupMatches,
  judgesAll,
  type WindowState,
  windowAlertIds,
  windowKeys,
} from './alert/index.ts';
import { alertChanges } from './alert-changes.ts';
import type { BundleCatalog } from './bundle-catalog.ts';
import type { ActiveBundle, BundleLease } from './detect-consumer.ts';
import { readMutes, withholdMuted } from './mutes.ts';
import { trialChanges } from './trial-changes.ts';

/** One run of a query: what it found, and the state changes of the detections that read it. */
export interface QueryEvaluation {
  readonly rows: QueryResult['rows'];
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly cost: QueryResult['cost'];
  /** Log types behind the query that are silent now. */
  readonly staleSources: readonly string[];
  readonly changes: Pick<Changes, 'expect' | 'put' | 'rows'>;
}

/** What a run needs. */
export interface RunQueryOptions {
  readonly lake: Pick<Lake, 'query'>;
  readonly state: State;
  readonly clock: Clock;
  /** The bundle in force, taken when the lake has caught up: query and detections are of one bundle. */
  readonly lease: () => BundleLease | undefined;
  readonly query: ScheduledQuery;
  /** Whose clock is the SQL's, and by whom it was asked for. */
  readonly run: Pick<QueryRun, 'scheduledAtMs' | 'trigger'>;
  /** What was last returned before this clock counts as quiet. @defaultValue nothing does */
  readonly staleBeforeMs?: number | undefined;
  /** The log types that are silent now: of what rests on them no absence is proof. @defaultValue none */
  readonly silent?: (() => ReadonlySet<string>) | undefined;
  /** Resolves when the lake holds everything acknowledged so far. */
  readonly catchUp: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Runs a scheduled query with its clock, and its rows through the scheduled detections that name it. The caller
 * commits the changes together with the ledger.
 */
export async function runQuery(options: RunQueryOptions): Promise<QueryEvaluation> {
  await options.catchUp();
  const active = options.lease();
  if (!active) throw new Error('no bundle is in force');
  try {
    return await runWith(active, options);
  } finally {
    active.release();
  }
}

async function runWith(active: ActiveBundle, options: RunQueryOptions): Promise<QueryEvaluation> {
  const query = active.catalog.queries.get(options.query.id) ?? options.query;
  const named = tablesNamed(active.catalog, query.tables);
  const { sql, bounds, tables } = await foldClock(query.sql, named, options.run.scheduledAtMs);
  const limits = { timeoutMs: query.timeoutMs, maxRows: query.maxRows, lane: 'scheduled' as const, bounds };
  const result = await options.lake.query(sql, tables, limits, options.signal);
  const silent = options.silent?.();
  const staleSources = (query.logTypes ?? []).filter((logType) => silent?.has(logType));
  const isComplete = !result.truncated && staleSources.length === 0;
  const detections = active.catalog.detectionsOfQuery.get(query.id) ?? [];
  const parts: Pick<Changes, 'expect' | 'put' | 'rows'>[] = [];
  for (const detection of detections) {
    parts.push(await evaluateRows({ ...options, active, query }, detection, result.rows, isComplete));
  }
  return {
    rows: result.rows,
    rowCount: result.rows.length,
    truncated: result.truncated,
    cost: result.cost,
    staleSources,
    changes: {
      expect: parts.flatMap((part) => part.expect ?? []),
      put: parts.flatMap((part) => part.put ?? []),
      rows: parts.flatMap((part) => part.rows ?? []),
    },
  };
}

/** The tables of a catalog with these names. */
export function tablesNamed(catalog: BundleCatalog, names: readonly string[]): BundleCatalog['tables'] {
  return catalog.tables.filter((table) => names.includes(table.name));
}

type Run = Omit<RunQueryOptions, 'lease'> & { readonly active: ActiveBundle };

async function evaluateRows(
  options: Run,
  detection: Detection,
  rows: readonly Row[],
  isComplete: boolean,
): Promise<Pick<Changes, 'expect' | 'put' | 'rows'>> {
  const { state, clock, active } = options;
  const { scheduledAtMs, trigger } = options.run;
  const found = await active.detector.processRows({
    queryId: options.query.id,
    detectionId: detection.id,
    stage: stageOf(detection),
    scheduledAtMs,
    rows,
  });
  const key = firingKey(detection.firstId, stageOf(detection));
  const firing = await state.get<FiringState>('firing', key);
  const routing = active.catalog.bundle.routing;
  const nowMs = clock.now();
  const { matches, errors } = found;
  const complete = isComplete && judgesAll(found);
  const alerts = await state.getMany<Alert>('alert', firingAlertIds(firing));
  const { staleBeforeMs } = options;
  const { rules: detections } = active.catalog;
  const advanced = advanceFiring({
    ...{ detection, matches, complete, scheduledAtMs, trigger, staleBeforeMs, routing, firing, alerts, nowMs },
  });
  const outcome = withholdMuted(advanced, await readMutes(state, nowMs), detections);
  const changes = alertChanges({
    matches,
    errors: [],
    outcome: { ...outcome, errors: [] },
    detections,
    routing,
    nowMs,
  });
  const failures = await errorChanges(options, [...errors, ...outcome.errors]);
  const rollout = stageOf(detection) === 'shadow' && (await state.get<Rollout>('rollout', detection.firstId));
  const trials = trialChanges(rollout ? [{ key: detection.firstId, value: rollout }] : [], {
    ...{ evaluated: () => (isComplete ? 1 : 0), matches, errors, outcome, nowMs },
  });
  return {
    // A bundle that came into force meanwhile may have retired what fires; then the run is done again.
    expect: [{ space: 'firing', key, value: firing }, ...trials.expect],
    put: [
      ...changes.put,
      ...failures.put,
      ...trials.put,
      ...found.quarantined.map((entry) => ({ space: 'quarantine' as const, key: entry.ruleId, value: entry })),
      ...(outcome.firing ? [{ space: 'firing' as const, key, value: outcome.firing }] : []),
    ],
    rows: [...changes.rows, ...failures.rows],
  };
}

/** Errors of a scheduled detection are recorded and alerted like those of any other. */
async function errorChanges(
  { state, clock, active }: Run,
  errors: readonly RuleError[],
): Promise<ReturnType<typeof alertChanges>> {
  const { rules: detections, bundle } = active.catalog;
  const nowMs = clock.now();
  const windows = await state.getMany<WindowState>('window', windowKeys([], errors));
  const alerts = await state.getMany<Alert>('alert', windowAlertIds(windows));
  const outcome = groupMatches({ matches: [], errors, detections, routing: bundle.routing, windows, alerts, nowMs });
  return alertChanges({ matches: [], errors, outcome, detections, routing: bundle.routing, nowMs });
}
