import type { Detection } from '../../model/detection.ts';
import type { RuleMatch } from '../../model/rule-match.ts';
import type { RenotifyValue } from './firing-state.ts';
import { countsUnique } from './occurrences.ts';

/** The rows of one key in one run. */
export interface RowGroup {
  readonly dedup: string;
  /** Distinct rows, in the order of the result. */
  readonly matches: readonly [RuleMatch, ...RuleMatch[]];
  /** The `renotify` columns; of several rows the greatest value. */
  readonly renotify: Readonly<Record<string, RenotifyValue>>;
}

/** The keys that a run returns: rows grouped by dedup key, without keys below the threshold. */
export function groupRows(matches: readonly RuleMatch[], detection: Detection): ReadonlyMap<string, RowGroup> {
  const byKey = new Map<string, Map<string, RuleMatch>>();
  for (const match of matches) {
    const rows = byKey.get(match.dedup) ?? new Map<string, RuleMatch>();
    byKey.set(match.dedup, rows);
    if (!rows.has(match.matchId)) rows.set(match.matchId, match);
  }
  const groups = new Map<string, RowGroup>();
  for (const [dedup, rows] of byKey) {
    const [first, ...rest] = rows.values();
    if (!first || evidenceCount([first, ...rest], detection) < detection.threshold) continue;
    groups.set(dedup, { dedup, matches: [first, ...rest], renotify: renotifyValues([first, ...rest], detection) });
  }
  return groups;
}

/** Whether a column is above what it was. A value where there was none is an increase; a lost one is not. */
export function hasIncreased(
  now: Readonly<Record<string, RenotifyValue>>,
  before: Readonly<Record<string, RenotifyValue>>,
): boolean {
  return Object.entries(now).some(
    ([column, value]) => !Object.hasOwn(before, column) || isAbove(value, before[column]),
  );
}

function evidenceCount(matches: readonly RuleMatch[], detection: Detection): number {
  if (!countsUnique(detection)) return matches.length;
  return new Set(matches.flatMap((match) => match.unique ?? [])).size;
}

function renotifyValues(matches: readonly RuleMatch[], detection: Detection): RowGroup['renotify'] {
  const values: [string, RenotifyValue][] = [];
  for (const column of detection.renotify) {
    const found = matches.map((match) => columnOf(match, column)).filter((value) => value !== undefined);
    const [first, ...rest] = found;
    if (first === undefined) continue;
    values.push([column, rest.reduce((greatest, value) => (isAbove(value, greatest) ? value : greatest), first)]);
  }
  return Object.fromEntries(values);
}

/** A column of the row, else of the context. */
function columnOf(match: RuleMatch, column: string): RenotifyValue | undefined {
  const row: Readonly<Record<string, unknown>> = match.event;
  const value = Object.hasOwn(row, column) ? row[column] : match.context[column];
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function isAbove(value: RenotifyValue, before: RenotifyValue | undefined): boolean {
  if (typeof value === 'number' && typeof before === 'number') return value > before;
  return String(value) > String(before);
}
