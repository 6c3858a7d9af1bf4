export { lastScheduledUntil, nextScheduledAfter } from './schedule-times.ts';
export type {
  QueryScheduleStatus,
  RunContext,
  RunOutcome,
  Scheduler,
  SchedulerOptions,
  TriggerOptions,
} from './scheduler.ts';
export { startScheduler } from './start-scheduler.ts';
