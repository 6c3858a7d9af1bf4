import { ruleErrorId } from '../../../model/rule-error-id.ts';
import type { RuleError } from '../../../model/rule-match.ts';
import type { ErrorCount } from '../detector.ts';
import type { GuardedFunction } from '../progress.ts';
import type { ReadyDetection } from './detection-set.ts';
import type { Subject } from './subject.ts';

const maxAlike = 10;

/** Collects the errors of one batch. A detection that fails on every event does not flood `rule_errors`. */
export interface ErrorLog {
  add(
    ready: ReadyDetection,
    functionName: GuardedFunction,
    subject: Subject,
    errorClass: string,
    message: string,
  ): void;
  /** At most ten of the same rule, function and class; the tenth says how many more there were. */
  errors(): readonly RuleError[];
  /** All of them, by function and class. */
  counts(): readonly ErrorCount[];
}

/** Opens an empty log. */
export function openErrorLog(): ErrorLog {
  const groups = new Map<string, { readonly kept: RuleError[]; dropped: number }>();
  return {
    add: (ready, functionName, subject, errorClass, message) => {
      const key = `${ready.index} ${functionName} ${errorClass}`;
      const group = groups.get(key) ?? { kept: [], dropped: 0 };
      groups.set(key, group);
      if (group.kept.some((error) => error.rowId === subject.rowId)) return;
      if (group.kept.length < maxAlike) group.kept.push(ruleError(ready, functionName, subject, errorClass, message));
      else group.dropped++;
    },
    errors: () =>
      [...groups.values()].flatMap(({ kept, dropped }) =>
        kept.map((error, index) => {
          if (dropped === 0 || index < kept.length - 1) return error;
          return { ...error, message: `${error.message} (and ${dropped} more like it in this batch)` };
        }),
      ),
    counts: () =>
      [...groups.values()].flatMap(({ kept: [first], kept, dropped }) => {
        if (!first) return [];
        const { ruleId, functionName, errorClass } = first;
        return [{ ruleId, functionName, errorClass, count: kept.length + dropped }];
      }),
  };
}

function ruleError(
  { detection, stage }: ReadyDetection,
  functionName: GuardedFunction,
  subject: Subject,
  errorClass: string,
  message: string,
): RuleError {
  const key = { ruleFirstId: detection.firstId, stage, functionName, rowId: subject.rowId, errorClass };
  return {
    ...key,
    errorId: ruleErrorId(key),
    ruleId: detection.id,
    ruleVersion: detection.version,
    message,
    logType: subject.logType,
    eventTimeMs: subject.eventTimeMs,
  };
}
