import type { Alert } from '../../model/alert.ts';
import type { TimelineExpectation, TimelineStep, TimelineTest } from '../../model/content-test.ts';
import type { LogRecord } from '../../model/log-record.ts';
import type { Where } from '../../model/margay-error.ts';
import { createMemoryState } from '../../model/memory-state.ts';
import { stableId } from '../../model/stable-id.ts';
import { standardTables } from '../../model/standard-tables.ts';
import type { Row, Table } from '../../model/table.ts';
import { alertRow } from '../../runtime/alert/index.ts';
import type { BundleCatalog } from '../../runtime/bundle-catalog.ts';
import type { Detector } from '../../runtime/detect/index.ts';
import { createDetectConsumer } from '../../runtime/detect-consumer.ts';
import { rowsByTable } from '../../runtime/lake-consumer.ts';
import { retimeRecord } from '../../runtime/normalise/index.ts';
import { runQuery } from '../../runtime/run-query.ts';
import type { SqlEngines } from '../../sql/index.ts';
import { compareSets } from './compare-sets.ts';
import { createMemoryLake, type EngineChoice, type MemoryLake } from './memory-lake.ts';

/** What a timeline is about: an event detection, a scheduled detection, or a query. */
export type TimelineSubject =
  | { readonly kind: 'detection'; readonly id: string; readonly queryId?: string | undefined }
  | { readonly kind: 'query'; readonly id: string };

/** The rooms that timelines run through. One of each serves all timelines of a bundle. */
export interface TimelineRooms {
  readonly catalog: BundleCatalog;
  readonly detector: Detector;
  readonly engines: SqlEngines;
  readonly choice: EngineChoice;
}

/** A field of an expectation that was not met. */
export interface TimelineDifference {
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly where: Where;
}

/** How a timeline went. */
export interface TimelineResult {
  readonly differences: readonly TimelineDifference[];
  /** Errors of detection functions and records that became no event. Any of them fails the test. */
  readonly failures: readonly string[];
  readonly engines: readonly string[];
  readonly refusals: readonly string[];
}

const linkTable: Table = {
  name: 'match_alerts',
  description: 'Alerts of matches that were recorded before them.',
  key: 'match_id',
  replaces: true,
  time: 'match_id',
  columns: [],
};

/**
 * Runs a timeline through the rooms of the runtime, over a state and a lake in memory and with a clock that
 * moves from step to step. At each expectation the subject's query runs once, with the clock at that time.
 */
export async function runTimeline(
  test: TimelineTest,
  subject: TimelineSubject,
  rooms: TimelineRooms,
): Promise<TimelineResult> {
  const world = createWorld(rooms);
  const zeroMs = Date.parse(test.now);
  const differences: TimelineDifference[] = [];
  for (const [index, step] of test.steps.entries()) {
    world.setClock(zeroMs + step.atMs);
    if (step.kind === 'log') await sendLogs(world, rooms, step, index, zeroMs);
    else differences.push(...(await checkExpectation(world, rooms, subject, step.expect, step.where)));
  }
  return { differences, failures: world.failures(), ...world.lake.report() };
}

interface World {
  readonly lake: MemoryLake;
  setClock(nowMs: number): void;
  accept(record: LogRecord): Promise<void>;
  run(queryId: string): Promise<readonly Row[]>;
  /** Matches recorded, and alerts created or notified again, since the last call. */
  news(): Promise<{
    readonly matches: readonly Row[];
    readonly alerts: readonly (Row & { readonly rule_id: string })[];
  }>;
  failures(): readonly string[];
}

function createWorld({ catalog, detector, engines, choice }: TimelineRooms): World {
  let nowMs = 0;
  let position = 0;
  let freshMatches: Row[] = [];
  const reported = new Map<string, number>();
  const clock = { now: () => nowMs };
  const state = createMemoryState();
  const lake = createMemoryLake(engines, choice, clock.now);
  const tables = new Map([...standardTables, linkTable].map((table) => [table.name, table]));
  const active = { catalog, detector };
  const consumer = createDetectConsumer({
    state,
    bundles: { save: async () => {}, load: async () => catalog },
    clock,
    active,
    detectorFor: async () => detector,
    onCommit: () => {},
  });

  const fileRows = (): void => {
    for (const [name, rows] of state.takeRows()) {
      if (name === 'rule_matches') freshMatches.push(...rows);
      const table = tables.get(name);
      if (table) lake.file(table, rows);
    }
  };

  return {
    lake,
    setClock: (toMs) => {
      nowMs = toMs;
    },
    accept: async (record) => {
      await consumer.step([{ position, next: position + 1, record }], { next: position, digest: catalog.digest });
      position += 1;
      if (record.kind === 'batch') for (const { table, rows } of rowsByTable([record], catalog)) lake.file(table, rows);
      fileRows();
    },
    run: async (queryId) => {
      const query = catalog.queries.get(queryId);
      if (!query) throw new Error(`The bundle has no scheduled query '${queryId}'.`);
      const evaluation = await runQuery({
        lake,
        state,
        clock,
        active: () => active,
        query,
        run: { scheduledAtMs: nowMs, trigger: 'schedule' },
        catchUp: async () => {},
        signal: AbortSignal.timeout(query.timeoutMs),
      });
      await state.commit(evaluation.changes);
      fileRows();
      return evaluation.rows;
    },
    news: async () => {
      const matches = freshMatches;
      freshMatches = [];
      const alerts = (await state.list<Alert>('alert')).map(({ value }) => value);
      const fresh = alerts.filter((alert) => reported.get(alert.alertId) !== alert.notifications);
      for (const alert of alerts) reported.set(alert.alertId, alert.notifications);
      return {
        matches,
        alerts: fresh.map((alert) => ({
          ...alertRow(alert),
          notifications: alert.notifications,
          rule_id: alert.ruleId,
        })),
      };
    },
    failures: () => [
      ...lake.rows('rule_errors').map((row) => `${row.rule_id} ${row.function}: ${row.message}`),
      ...lake.rows('dead_letters').map((row) => `${row.code}: ${row.reason}`),
    ],
  };
}

async function sendLogs(
  world: World,
  { catalog }: TimelineRooms,
  step: Extract<TimelineStep, { readonly kind: 'log' }>,
  index: number,
  zeroMs: number,
): Promise<void> {
  const logType = catalog.logTypes.get(step.logType);
  if (!logType) throw new Error(`The bundle has no log type '${step.logType}'.`);
  for (let time = 0; time < step.times; time++) {
    const happenedAtMs = zeroMs + step.atMs + (step.sameEvent ? 0 : time * step.everyMs);
    const eventId = stableId('timeline', String(index), step.sameEvent ? '0' : String(time));
    const record = retimeRecord(step.log, logType, happenedAtMs, eventId);
    const receivedAtMs = zeroMs + step.atMs + time * step.everyMs;
    world.setClock(receivedAtMs);
    await world.accept({
      kind: 'batch',
      key: `timeline-${index}-${time}`,
      logType: step.logType,
      source: 'test',
      receivedAtMs,
      body: Buffer.from(JSON.stringify(record)),
    });
  }
}

async function checkExpectation(
  world: World,
  rooms: TimelineRooms,
  subject: TimelineSubject,
  expect: TimelineExpectation,
  where: Where,
): Promise<readonly TimelineDifference[]> {
  const queryId = subject.kind === 'query' ? subject.id : subject.queryId;
  const before = await world.news();
  const rows = queryId === undefined ? [] : await world.run(queryId);
  const after = await world.news();
  const isOwn = ownRules(subject, rooms.catalog);
  // Of a scheduled subject the matches are what its query reads; its own row matches would only repeat the rows.
  const matches = queryId === undefined ? before.matches.filter((row) => isOwn(String(row.p_rule_id))) : before.matches;
  const alerts = [...before.alerts, ...after.alerts].filter((alert) => isOwn(alert.rule_id));
  const found = { matches, rows, alerts };
  return (['matches', 'rows', 'alerts'] as const).flatMap((field) => {
    const expected = expect[field];
    const difference = expected && compareSets(expected, found[field]);
    return difference ? [{ field, expected: difference.missing, actual: difference.unexpected, where }] : [];
  });
}

function ownRules(subject: TimelineSubject, catalog: BundleCatalog): (ruleId: string) => boolean {
  if (subject.kind === 'detection') return (ruleId) => ruleId === subject.id;
  const readers = new Set((catalog.detectionsOfQuery.get(subject.id) ?? []).map((detection) => detection.id));
  return (ruleId) => readers.has(ruleId);
}
