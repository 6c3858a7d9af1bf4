import type { Problem, Where } from '../../model/margay-error.ts';
import type { ContentTestResult } from '../run-content-test.ts';

/** What a content test leaves in its vitest task for a reporter. */
export interface ContentTestMeta {
  readonly file: string;
  readonly id: string;
  readonly kind: 'detection' | 'query';
  readonly test: { readonly name: string; readonly kind: 'event' | 'timeline'; readonly where: Where };
  /** Absent when the test broke before it had one. */
  readonly result?: ContentTestResult;
}

/** The part of a vitest task that is carried from the worker to reporters. */
interface Task {
  readonly meta: object;
}

/** What is left in a task's `meta`, under one key of ours. */
interface LeftMeta {
  margay?: { readonly test?: ContentTestMeta; readonly problems?: readonly Problem[] };
}

/** Leaves a content test's data for the reporter. */
export function leaveMeta(task: Task, test: ContentTestMeta): void {
  (task.meta as LeftMeta).margay = { test };
}

/** Leaves what the compiler found, on the test that the content compiles. */
export function leaveProblems(task: Task, problems: readonly Problem[]): void {
  (task.meta as LeftMeta).margay = { problems };
}

/** What was left in a task's `meta`. */
export function readMeta(meta: object): NonNullable<LeftMeta['margay']> {
  return (meta as LeftMeta).margay ?? {};
}
