import type { Alert } from '../../model/alert.ts';
import type { TimelineExpectation, TimelineTest } from '../../model/content-test.ts';
import type { LogRecord } from '../../model/log-record.ts';
import type { Where } from '../../model/margay-error.ts';
import { createMemoryState } from '../../model/memory-state.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { stableId } from '../../model/stable-id.ts';
import { matchAlertsTable, standardTables } from '../../model/standard-tables.ts';
import type { Row } from '../../model/table.ts';
import { alertRow } from '../../runtime/alert/index.ts';
import type { BundleCatalog } from '../../runtime/bundle-catalog.ts';
import type { Detector } from '../../runtime/detect/index.ts';
import { createDetectConsumer } from '../../runtime/detect-consumer.ts';
import { retimeRecord } from '../../runtime/normalise/index.ts';
import { rowsOfBatch } from '../../runtime/rows-of-batch.ts';
import { type RunQueryOptions, runQuery } from '../../runtime/run-query.ts';
import type { SqlEngines } from '../../sql/index.ts';
import { compareSets } from './compare-sets.ts';
import { createMemoryLake, type EngineChoice, type MemoryLake } from './memory-lake.ts';
import { planTimeline, type TimelineAction } from './plan-timeline.ts';

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

/**
 * Runs a timeline through the rooms of the runtime, over a state and a lake in memory and with a clock that
 * moves from action to action. The subject's query runs when the test says: at each expectation, with the clock at
 * that time, or by its schedule.
 *
 * @throws TEST_RUNS_TOO_MANY, TEST_RUNS_NONE
 */
export async function runTimeline(
  test: TimelineTest,
  subject: TimelineSubject,
  rooms: TimelineRooms,
): Promise<TimelineResult> {
  const world = createWorld(rooms);
  const queryId = subject.kind === 'query' ? subject.id : subject.queryId;
  const query = queryId === undefined ? undefined : queryOf(rooms.catalog, queryId);
  const differences: TimelineDifference[] = [];
  let rows: readonly Row[] = [];
  for (const action of planTimeline(test, query)) {
    world.setClock(action.atMs);
    if (action.kind === 'log') await sendLog(world, rooms, action);
    else if (action.kind === 'run' && query) rows = await world.run(query, action);
    else if (action.kind === 'expect') {
      const found = { ...(await newsOf(world, rooms.catalog, subject, query)), rows };
      differences.push(...compareFound(action.step.expect, found, action.step.where));
    }
  }
  return { differences, failures: world.failures(), ...world.lake.report() };
}

/** What names an item that nobody expected. */
const namingFields = {
  matches: ['p_rule_id', 'p_dedup', 'p_event_time'],
  rows: [],
  alerts: ['rule_id', 'title', 'level', 'dedup', 'match_count'],
} as const;

interface World {
  readonly lake: MemoryLake;
  setClock(nowMs: number): void;
  accept(record: LogRecord): Promise<void>;
  run(query: ScheduledQuery, run: Omit<RunQueryOptions['run'], 'trigger'>): Promise<readonly Row[]>;
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
  const tables = new Map([...standardTables, matchAlertsTable].map((table) => [table.name, table]));
  const active = { catalog, detector };
  const consumer = createDetectConsumer({
    state,
    bundles: { load: async () => catalog },
    clock,
    active,
    detectorFor: async () => detector,
    onCommit: () => {},
  });

  const fileRows = (): void => {
    for (const [name, rows] of state.takeRows()) {
      if (name === 'rule_matches') freshMatches.push(...rows);
      const table = tables.get(name);
      if (!table) throw new Error(`The lake has no table '${name}'.`);
      // As the lake does, which alone knows when it links.
      const linkedAt = new Date(nowMs).toISOString();
      lake.file(table, table === matchAlertsTable ? rows.map((row) => ({ ...row, linked_at: linkedAt })) : rows);
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
      if (record.kind === 'batch') {
        const { table, rows } = rowsOfBatch(record, catalog.logTypes);
        lake.file(table, [...rows]);
      }
      fileRows();
    },
    run: async (query, { scheduledAtMs }) => {
      const evaluation = await runQuery({
        lake,
        state,
        clock,
        lease: () => ({ ...active, release: () => {} }),
        query,
        run: { scheduledAtMs, trigger: 'schedule' },
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

async function sendLog(
  world: World,
  { catalog }: TimelineRooms,
  { step, stepIndex, time, atMs }: Extract<TimelineAction, { readonly kind: 'log' }>,
): Promise<void> {
  const logType = catalog.logTypes.get(step.logType);
  if (!logType) throw new Error(`The bundle has no log type '${step.logType}'.`);
  const happenedAtMs = step.sameEvent ? atMs - time * step.everyMs : atMs;
  const eventId = stableId('timeline', String(stepIndex), step.sameEvent ? '0' : String(time));
  const record = retimeRecord(step.log, logType, happenedAtMs, eventId);
  await world.accept({
    kind: 'batch',
    key: `timeline-${stepIndex}-${time}`,
    logType: step.logType,
    source: 'test',
    receivedAtMs: atMs,
    body: Buffer.from(JSON.stringify(record)),
  });
}

function queryOf(catalog: BundleCatalog, queryId: string): ScheduledQuery {
  const query = catalog.queries.get(queryId);
  if (!query) throw new Error(`The bundle has no scheduled query '${queryId}'.`);
  return query;
}

type Found = Readonly<Record<'matches' | 'rows' | 'alerts', readonly Row[]>>;

/** The matches and alerts since the last expectation that the subject is about. */
async function newsOf(
  world: World,
  catalog: BundleCatalog,
  subject: TimelineSubject,
  query: ScheduledQuery | undefined,
): Promise<Omit<Found, 'rows'>> {
  const news = await world.news();
  const readers = new Set((query && catalog.detectionsOfQuery.get(query.id))?.map(({ id }) => id));
  const isOwn = (ruleId: string): boolean =>
    subject.kind === 'detection' ? ruleId === subject.id : readers.has(ruleId);
  // Of a scheduled subject the matches are what its query reads; its own row matches would only repeat the rows.
  const isWanted = query ? (ruleId: string) => !readers.has(ruleId) : isOwn;
  return {
    matches: news.matches.filter((row) => isWanted(String(row.p_rule_id))),
    alerts: news.alerts.filter((alert) => isOwn(alert.rule_id)),
  };
}

function compareFound(expect: TimelineExpectation, found: Found, where: Where): readonly TimelineDifference[] {
  return (['matches', 'rows', 'alerts'] as const).flatMap((field) => {
    const expected = expect[field];
    const difference = expected && compareSets(expected, found[field], namingFields[field]);
    return difference ? [{ field, expected: difference.missing, actual: difference.unexpected, where }] : [];
  });
}
