import { describeCondition } from '../../match/index.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import type { Condition } from '../../model/condition.ts';
import { formatDuration } from '../../model/duration.ts';
import type { FieldChange, Plan, PlanBacktest, PlanBase, PlanItem } from '../../model/plan.ts';
import { plural } from './problems.ts';
import { diffLines } from './value-diff.ts';

/** The sign of a change, as in a diff. */
export const changeSigns: Readonly<Record<PlanItem['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** `new`, `removed`, `logic, routing`, `meta, renamed from okta/old`. */
export function describeChange({ change, aspects, previousId }: PlanItem): string {
  if (change === 'added') return 'new';
  if (change === 'removed') return 'removed';
  return [...aspects, ...(previousId === undefined ? [] : [`renamed from ${previousId}`])].join(', ');
}

/** `http://… serial 3 (sha256:9f3c…)`; for another base also why. */
export function describeBase(base: PlanBase): string {
  if (base.kind === 'nothing') return `nothing: ${base.reason}`;
  if (base.kind === 'commit') return `commit ${base.commit.slice(0, 12)}, not with a runtime: ${base.reason}`;
  return base.digest === null
    ? `${base.url}, where nothing is live`
    : `${base.url}, serial ${base.serial} (${shortDigest(base.digest)})`;
}

/** `sha256:9f3ce21a0b7d`. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}

/** `1 to add, 2 to change, none to remove, 2 affected, 212 unchanged`. */
export function countChanges({ items, affected, unchangedCount }: Plan): string {
  const count = (change: PlanItem['change']): number => items.filter((item) => item.change === change).length;
  return [
    `${count('added')} to add`,
    `${count('changed')} to change`,
    `${count('removed')} to remove`,
    `${affected.length} affected`,
    `${unchangedCount.toLocaleString('en')} unchanged`,
  ].join(', ');
}

/** `1 error, 2 warnings, 1 waived`; `''` when there are none. */
export function countFindings({ findings }: Plan): string {
  const counted = (severity: string): number => findings.filter((it) => !it.waived && it.severity === severity).length;
  const waived = findings.filter((it) => it.waived).length;
  return [
    plural(counted('error'), 'error'),
    plural(counted('warning'), 'warning'),
    plural(counted('info'), 'note'),
    `${waived} waived`,
  ]
    .filter((part) => !part.startsWith('0 '))
    .join(', ');
}

/** One field that differs: `level: high → medium`, or its name and what goes (`- `) and comes (`+ `) below it. */
export interface DescribedField {
  readonly head: string;
  readonly lines: readonly string[];
}

/** The fields of an item that differ, for people. The version is shown where nothing else tells what is new. */
export function describeFields(item: PlanItem): readonly DescribedField[] {
  const isTold = item.fields.some(({ aspect, field }) => aspect === 'logic' && field !== 'version');
  return item.fields.flatMap((change) => {
    if (change.field !== 'version') return [describeField(change)];
    if (isTold) return [];
    const what = item.kind === 'query' ? 'its SQL' : 'its code, or what that imports';
    return [{ head: `${what} is another`, lines: [] }];
  });
}

function describeField({ field, before, after }: FieldChange): DescribedField {
  if (field === 'condition' || field === 'sql') {
    return { head: `${field}:`, lines: diffLines(linesOf(field, before), linesOf(field, after)) };
  }
  const [left, right] = [valueText(field, before), valueText(field, after)];
  const isShort = left.length + right.length <= 80 && !`${left}${right}`.includes('\n');
  if (isShort) return { head: `${field.replace(/Ms$/, '')}: ${left} → ${right}`, lines: [] };
  return { head: `${field}:`, lines: diffLines(left.split('\n'), right.split('\n')) };
}

function linesOf(field: 'condition' | 'sql', value: unknown): readonly string[] {
  if (value === undefined) return [];
  return field === 'sql' ? String(value).trimEnd().split('\n') : describeCondition(value as Condition);
}

function valueText(field: string, value: unknown): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'number' && field.endsWith('Ms')) return formatDuration(value);
  if (typeof value === 'string') return value;
  const text = canonicalJson(value);
  return text.length <= 60 ? text : JSON.stringify(value, null, 2);
}

/** Matches under the live logic, the new one, one alone, the other alone; alerts live and new; what is to be said besides. */
export function describeBacktest({ figures, problem }: PlanBacktest): {
  readonly counts: readonly string[];
  readonly rest: string;
} {
  const { matches, alerts } = figures ?? {};
  const counts = [
    matches?.before,
    matches?.after,
    matches?.onlyBefore,
    matches?.onlyAfter,
    alerts?.before,
    alerts?.after,
  ];
  return {
    counts: counts.map((count) => count?.toLocaleString('en') ?? '-'),
    rest: [...(problem === undefined ? [] : [problem]), ...(figures?.notes ?? [])].join(' '),
  };
}
