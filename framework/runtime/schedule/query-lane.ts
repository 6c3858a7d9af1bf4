import type { QueryRun } from '../../model/query-run.ts';
import type { LaneOptions, RunBench } from './attempt-run.ts';
import { runByHand } from './run-by-hand.ts';
import { runScheduled } from './run-scheduled.ts';
import type { TriggerOptions } from './scheduler.ts';
import { takeDue } from './take-due.ts';
import { createTurns } from './take-turns.ts';

/** The runs of one query, one at a time. */
export interface QueryLane {
  /** Runs what is due; resolves when nothing is, or when the next try has to wait. */
  drain(): Promise<void>;
  trigger(options: TriggerOptions): Promise<QueryRun>;
  /** When the lane has something to do again; `undefined` while it is at work or its schedule never comes. */
  wakeAtMs(): number | undefined;
  running(): QueryRun | undefined;
}

/** Creates the lane of a query. */
export function createLane(queryId: string, options: LaneOptions): QueryLane {
  const { clock, state, closing, takeSlot } = options;
  const takeTurn = createTurns(1);
  let running: QueryRun | undefined;
  let wakeAtMs: number | undefined;
  let draining: Promise<void> | undefined;
  let manualCount = 0;
  const bench: RunBench = {
    ...options,
    onRunning: (run) => {
      running = run;
    },
  };

  /** `true`: there may be more to do. The query is looked up each time: a new bundle may have changed it. */
  const step = async (): Promise<boolean> => {
    const query = options.queries().find(({ id }) => id === queryId);
    if (!query || closing.aborted) return false;
    const { run, ...due } = await takeDue(state, query, clock.now());
    wakeAtMs = due.wakeAtMs;
    return run !== undefined && takeSlot(() => runScheduled(query, run, bench));
  };

  const drainNow = async (): Promise<void> => {
    try {
      while (await takeTurn(step));
    } finally {
      draining = undefined;
    }
  };

  return {
    drain: () => {
      draining ??= drainNow();
      return draining;
    },
    trigger: (request) => takeTurn(() => takeSlot(() => runByHand(queryId, ++manualCount, request, bench))),
    wakeAtMs: () => (draining ? undefined : wakeAtMs),
    running: () => running,
  };
}
