import type { Expired } from '../../model/lake.ts';
import { matchAlertsTable, ruleMatchesTable } from '../../model/standard-tables.ts';
import type { State } from '../../model/state.ts';
import type { Part } from './part.ts';
import type { PartsAccess } from './parts-access.ts';

const dayMs = 86_400_000;

/**
 * Unlists the parts that are wholly older than their table's rows are kept, and counts them, in one transaction for
 * each table; their files go when no query reads them any more.
 *
 * @param keptMs - By table. Rows of tables that are not named are kept for ever.
 * @returns What went now, by table.
 */
export async function expireParts(
  { manifest, publish }: PartsAccess,
  state: Pick<State, 'get'>,
  keptMs: ReadonlyMap<string, number>,
  nowMs: number,
): Promise<readonly Expired[]> {
  const expired: Expired[] = [];
  for (const [table, ms] of withLinks(keptMs)) {
    const parts = manifest.of(table).filter(({ day }) => Date.parse(day) + dayMs <= nowMs - ms);
    if (parts.length === 0) continue;
    const now = sumUp(table, parts, nowMs);
    const before = await state.get<Expired>('expired', table);
    await publish([], parts, { put: [{ space: 'expired', key: table, value: addUp(before, now) }] });
    expired.push(now);
  }
  return expired;
}

/** A match happened at most a day after its link was written, which is of no use without it. */
function withLinks(keptMs: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const matchesMs = keptMs.get(ruleMatchesTable.name);
  return matchesMs === undefined ? keptMs : new Map([...keptMs, [matchAlertsTable.name, matchesMs + dayMs]]);
}

function sumUp(table: string, parts: readonly Part[], nowMs: number): Expired {
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    table,
    rowCount: sum(({ rowCount }) => rowCount),
    bytes: sum(({ bytes }) => bytes),
    throughDay: lastDay(parts.map(({ day }) => day)),
    expiredAtMs: nowMs,
  };
}

function addUp(before: Expired | undefined, now: Expired): Expired {
  if (!before) return now;
  return {
    ...now,
    rowCount: before.rowCount + now.rowCount,
    bytes: before.bytes + now.bytes,
    throughDay: lastDay([before.throughDay, now.throughDay]),
  };
}

function lastDay(days: readonly string[]): string {
  return [...days].sort().at(-1) ?? '';
}
