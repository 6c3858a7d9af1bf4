import type { TimelineStep, TimelineTest } from '../../model/content-test.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { ScheduledQuery } from '../../model/scheduled-query.ts';
import { nextScheduledAfter } from '../../runtime/schedule/index.ts';

/** The most runs of a query in one test. */
const maxRuns = 1_000;

type LogStep = Extract<TimelineStep, { readonly kind: 'log' }>;
type ExpectStep = Extract<TimelineStep, { readonly kind: 'expect' }>;

/** What happens in a timeline, at a time in milliseconds since the Unix epoch. */
export type TimelineAction =
  | {
      readonly kind: 'log';
      readonly atMs: number;
      readonly step: LogStep;
      readonly stepIndex: number;
      /** Zero-based, of `times`. */
      readonly time: number;
    }
  | {
      readonly kind: 'run';
      readonly atMs: number;
      readonly scheduledAtMs: number;
      readonly coversFromMs?: number | undefined;
    }
  | { readonly kind: 'expect'; readonly atMs: number; readonly step: ExpectStep };

type RunAction = Extract<TimelineAction, { readonly kind: 'run' }>;
type StepAction = Exclude<TimelineAction, RunAction>;

/**
 * Everything that happens in a timeline, in order of time: records, runs of the query, expectations. What happens
 * at the same time keeps the order of the steps; a run comes after the records and before the expectations.
 *
 * @param query - The query that the test is about, if any.
 * @throws TEST_RUNS_TOO_MANY, TEST_RUNS_NONE
 */
export function planTimeline(test: TimelineTest, query: ScheduledQuery | undefined): readonly TimelineAction[] {
  const zeroMs = Date.parse(test.now);
  const steps = test.steps.flatMap((step, index) => stepActions(step, index, zeroMs)).sort((a, b) => a.atMs - b.atMs);
  if (!query) return steps;
  const isScheduled = test.runs === 'scheduled';
  const runs = isScheduled ? scheduledRuns(steps, query, test) : steps.filter(isExpectation).map(runAt);
  const actions: TimelineAction[] = [];
  let begun = 0;
  for (const action of steps) {
    for (let run = runs[begun]; run && isBefore(run, action); run = runs[begun]) {
      actions.push(run);
      begun += 1;
    }
    if (begun === 0 && isExpectation(action) && action.step.expect.rows) throw noRun(action, query);
    actions.push(action);
  }
  return actions;
}

function stepActions(step: TimelineStep, stepIndex: number, zeroMs: number): readonly StepAction[] {
  if (step.kind === 'expect') return [{ kind: 'expect', atMs: zeroMs + step.atMs, step }];
  return Array.from({ length: step.times }, (_, time) => {
    const atMs = zeroMs + step.atMs + time * step.everyMs;
    return { kind: 'log', atMs, step, stepIndex, time };
  });
}

/** The runs from the first step on that have been executed, `settle` after their time, by the last expectation. */
function scheduledRuns(steps: readonly StepAction[], query: ScheduledQuery, test: TimelineTest): readonly RunAction[] {
  const { schedule, settleMs } = query;
  const untilMs = steps.findLast(isExpectation)?.atMs ?? 0;
  const runs: RunAction[] = [];
  let coversFromMs: number | undefined;
  let scheduledAtMs = nextScheduledAfter(schedule, (steps[0]?.atMs ?? 0) - 1);
  while (scheduledAtMs + settleMs <= untilMs) {
    if (runs.length === maxRuns) throw tooManyRuns(test, query);
    runs.push({ kind: 'run', atMs: scheduledAtMs + settleMs, scheduledAtMs, coversFromMs });
    coversFromMs = scheduledAtMs;
    scheduledAtMs = nextScheduledAfter(schedule, scheduledAtMs);
  }
  return runs;
}

function runAt({ atMs }: StepAction): RunAction {
  return { kind: 'run', atMs, scheduledAtMs: atMs };
}

function isBefore(run: RunAction, action: StepAction): boolean {
  return run.atMs < action.atMs || (run.atMs === action.atMs && isExpectation(action));
}

function isExpectation(action: StepAction): action is Extract<TimelineAction, { readonly kind: 'expect' }> {
  return action.kind === 'expect';
}

function tooManyRuns({ where }: TimelineTest, { id }: ScheduledQuery): MargayError {
  const message = `By its schedule the query '${id}' runs more than ${maxRuns} times in this timeline.`;
  return new MargayError('TEST_RUNS_TOO_MANY', message, {
    where,
    hint: "Begin later, or leave out 'runs: scheduled': then it runs at the expectations only.",
  });
}

function noRun({ step }: { readonly step: ExpectStep }, { id }: ScheduledQuery): MargayError {
  const message = `By its schedule no run of the query '${id}' has been executed by this expectation of rows.`;
  return new MargayError('TEST_RUNS_NONE', message, {
    where: step.where,
    hint: "A run is executed at its scheduled time and 'settle': expect later.",
  });
}
