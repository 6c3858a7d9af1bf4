import type { Bundle } from '../../../model/bundle.ts';
import type { Detection } from '../../../model/detection.ts';
import type { LogType } from '../../../model/log-type.ts';
import type { CoverageChange, PlanItem, PolicyCode, PolicySeverity } from '../../../model/plan.ts';
import type { ScheduledQuery } from '../../../model/scheduled-query.ts';

/** One thing that a policy has to say about an item. */
export interface PolicyMatch {
  readonly item: Pick<PlanItem, 'kind' | 'id' | 'where'>;
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** A rule about changes: it looks at a plan and says what a reviewer must know. */
export interface Policy {
  readonly code: PolicyCode;
  /** Unless `margay.config.ts` says another. */
  readonly severity: PolicySeverity;
  /** Whether what it finds stops something that others rely on. */
  readonly breaking: boolean;
  check(context: PolicyContext): readonly PolicyMatch[];
}

/** An item on both sides. */
export interface Changed<T> {
  readonly item: PlanItem;
  readonly before: T;
  readonly after: T;
}

/** What policies look at. */
export interface PolicyContext {
  /** What is live; `undefined`: nothing. */
  readonly before: Bundle | undefined;
  readonly after: Bundle;
  readonly items: readonly PlanItem[];
  readonly coverage: CoverageChange;
  readonly detections: readonly Changed<Detection>[];
  readonly queries: readonly Changed<ScheduledQuery>[];
  readonly logTypes: readonly Changed<LogType>[];
}

/** Gathers what policies look at. */
export function policyContext(plan: Pick<PolicyContext, 'before' | 'after' | 'items' | 'coverage'>): PolicyContext {
  const { before, after, items } = plan;
  return {
    ...plan,
    detections: changedOf('detection', items, before?.detections ?? [], after.detections, ({ id }) => id),
    queries: changedOf('query', items, before?.queries ?? [], after.queries, ({ id }) => id),
    logTypes: changedOf('log-type', items, before?.logTypes ?? [], after.logTypes, ({ name }) => name),
  };
}

function changedOf<T>(
  kind: PlanItem['kind'],
  items: readonly PlanItem[],
  before: readonly T[],
  after: readonly T[],
  nameOf: (value: T) => string,
): readonly Changed<T>[] {
  const old = new Map(before.map((value) => [nameOf(value), value]));
  const fresh = new Map(after.map((value) => [nameOf(value), value]));
  return items.flatMap((item) => {
    const left = old.get(item.previousId ?? item.id);
    const right = fresh.get(item.id);
    return item.kind === kind && left && right ? [{ item, before: left, after: right }] : [];
  });
}
