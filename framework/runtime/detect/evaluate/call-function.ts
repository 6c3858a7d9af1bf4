import type { DetectionFunction } from '../../../model/detection.ts';
import type { GuardedFunction, Progress } from '../progress.ts';
import type { CallResult, ContentRealm } from '../realm/content-realm.ts';
import type { Interruption } from '../worker-messages.ts';
import type { ReadyDetection } from './detection-set.ts';
import type { ErrorLog } from './error-log.ts';
import { describeValue, type ReturnType } from './return-types.ts';
import type { Subject } from './subject.ts';

/** What an evaluation works with. */
export interface Tools {
  readonly realm: ContentRealm;
  readonly progress: Progress;
  readonly errors: ErrorLog;
  /** The interruptions that happened at the present event. */
  readonly interruptionsHere: readonly Interruption[];
}

/** What a function of a detection said: nothing (`as the YAML says`), a value of the right type, or an error. */
export type Answer<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: string };

/** Calls a function of a detection's TypeScript, if it has it. An error is recorded, whatever becomes of it. */
export function callFunction<T>(
  tools: Tools,
  ready: ReadyDetection,
  subject: Subject,
  name: DetectionFunction,
  type: ReturnType<T>,
): Answer<T> {
  if (!ready.functions.has(name)) return { kind: 'none' };
  const result = guard(tools, ready, name, () => tools.realm.call(ready.index, name));
  const failed = 'errorClass' in result ? result : wrongType(result.value, name, type);
  if (failed === undefined) {
    const { value } = result as { readonly value: T | undefined };
    return value === undefined ? { kind: 'none' } : { kind: 'value', value };
  }
  tools.errors.add(ready, name, subject, failed.errorClass, failed.error);
  return { kind: 'failed', error: `${failed.errorClass}: ${failed.error}` };
}

/** Evaluates a detection's YAML condition, if it has one. */
export function holdsCondition(tools: Tools, ready: ReadyDetection, subject: Subject): boolean {
  const { condition } = ready;
  if (condition === undefined) return true;
  const result = guard(tools, ready, 'condition', () => evaluateCondition(condition, subject));
  if (!('errorClass' in result)) return result.value === true;
  tools.errors.add(ready, 'condition', subject, result.errorClass, result.error);
  return false;
}

function evaluateCondition(condition: NonNullable<ReadyDetection['condition']>, subject: Subject): CallResult {
  try {
    return { value: condition(subject.record) };
  } catch (error) {
    return { errorClass: error instanceof Error ? error.name : 'Error', error: String((error as Error).message) };
  }
}

/** Lets the watchdog know; does not enter again what stopped the worker at this very event. */
function guard(tools: Tools, ready: ReadyDetection, name: GuardedFunction, run: () => CallResult): CallResult {
  const stopped = tools.interruptionsHere.find((it) => it.detection === ready.index && it.functionName === name);
  if (stopped) return { errorClass: stopped.errorClass, error: stopped.message };
  tools.progress.content(ready.index, name);
  return run();
}

function wrongType(value: unknown, name: DetectionFunction, type: ReturnType<unknown>) {
  if (type.accepts(value) || (value === undefined && name !== 'rule')) return undefined;
  return {
    errorClass: 'WrongReturnType',
    error: `${name} returned ${describeValue(value)}; expected ${type.expected}.`,
  };
}
