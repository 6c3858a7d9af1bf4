import { createMemoryState, type MemoryState } from '../../../framework/model/memory-state.ts';
import type { QueryRun } from '../../../framework/model/query-run.ts';
import type { ScheduledQuery } from '../../../framework/model/scheduled-query.ts';
import {
  type RunContext,
  type RunOutcome,
  type Scheduler,
  type SchedulerOptions,
  startScheduler,
} from '../../../framework/runtime/schedule/index.ts';

export const tenMs = Date.parse('2026-03-02T10:00:00.000Z');
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const iso = (timeMs: number): string => new Date(timeMs).toISOString();

export function buildQuery(id = 'okta/adds', overrides: Partial<ScheduledQuery> = {}): ScheduledQuery {
  return {
    id,
    title: id,
    description: '',
    sql: 'SELECT 1 AS one',
    schedule: { everyMs: hourMs },
    settleMs: 2 * minuteMs,
    timeoutMs: minuteMs,
    maxRows: 100,
    owners: [],
    columns: [],
    tables: [],
    tests: [],
    version: 'v1',
    where: { file: `scheduled-queries/${id}.yml`, line: 1, col: 1 },
    ...overrides,
  };
}

/** A run that waits until the test lets it end. */
export interface HeldRun {
  readonly run: QueryRun;
  readonly context: RunContext;
  readonly end: (outcome?: RunOutcome) => void;
  readonly fail: (error: Error) => void;
}

export interface TestScheduler {
  readonly scheduler: Scheduler;
  readonly state: MemoryState;
  readonly clock: { now(): number; set(timeMs: number): void };
  /** Runs so far, in order, as `run` was given them. */
  readonly started: readonly QueryRun[];
  /** What they were given besides. */
  readonly contexts: readonly RunContext[];
  /** Sets the clock and runs what is due. */
  at(timeMs: number): Promise<void>;
  /** Timers that are set: the delay and what happens. */
  readonly timers: ReadonlyMap<object, { readonly delayMs: number; readonly fire: () => void }>;
  readonly notices: readonly string[];
  readonly commits: () => number;
}

/** What a run of the tests changes: one alert with the run's clock. */
export function outcomeOf(run: QueryRun): RunOutcome {
  const put = [{ space: 'alert' as const, key: iso(run.scheduledAtMs), value: run.attempts }];
  return { rowCount: 3, truncated: false, changes: { put } };
}

export function startTestScheduler(
  options: Partial<SchedulerOptions> & { readonly state?: MemoryState; readonly startMs?: number } = {},
): TestScheduler {
  const { state = createMemoryState(), startMs = tenMs, run = async (given: QueryRun) => outcomeOf(given) } = options;
  let nowMs = startMs;
  let commits = 0;
  const clock = {
    now: () => nowMs,
    set: (timeMs: number) => {
      nowMs = timeMs;
    },
  };
  const started: QueryRun[] = [];
  const contexts: RunContext[] = [];
  const timers = new Map<object, { readonly delayMs: number; readonly fire: () => void }>();
  const notices: string[] = [];
  const scheduler = startScheduler({
    queries: () => [buildQuery()],
    onNotice: (notice) => notices.push(notice),
    onCommit: () => {
      commits++;
    },
    startTimer: (delayMs, fire) => {
      const timer = {};
      timers.set(timer, { delayMs, fire });
      return () => void timers.delete(timer);
    },
    ...options,
    clock,
    state,
    run: (given, context) => {
      started.push(given);
      contexts.push(context);
      return run(given, context);
    },
  });
  const at = async (timeMs: number): Promise<void> => {
    nowMs = timeMs;
    await scheduler.tick();
  };
  return { scheduler, state, clock, started, contexts, at, timers, notices, commits: () => commits };
}

/** A `run` whose runs the test ends one by one; `next` resolves with the next one that starts. */
export function holdRuns(): { readonly run: SchedulerOptions['run']; readonly next: () => Promise<HeldRun> } {
  const held: HeldRun[] = [];
  const waiting: ((run: HeldRun) => void)[] = [];
  return {
    run: (run, context) =>
      new Promise<RunOutcome>((resolve, reject) => {
        const entry: HeldRun = { run, context, end: (outcome = outcomeOf(run)) => resolve(outcome), fail: reject };
        const take = waiting.shift();
        if (take) take(entry);
        else held.push(entry);
      }),
    next: () => {
      const entry = held.shift();
      return entry ? Promise.resolve(entry) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
