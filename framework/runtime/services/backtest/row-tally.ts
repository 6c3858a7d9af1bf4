import type { Comparison, DownstreamDay } from '../../../model/backtest.ts';
import { canonicalJson } from '../../../model/canonical-json.ts';
import type { Row } from '../../../model/table.ts';
import type { ClassCounts } from './match-tally.ts';
import type { BySide } from './trial-message.ts';
import { comparison, sum } from './trial-pair.ts';

/** Rows of the runs of a query on both sides, counted by day. */
export class RowTally {
  readonly #days = new Map<string, ClassCounts>();

  /** Takes the rows of one scheduled time. Rows are the same when all their values are. */
  add(scheduledAtMs: number, { before = [], after = [] }: BySide<readonly Row[]>): void {
    const old = new Map<string, number>();
    for (const row of before) count(old, rowText(row), 1);
    let both = 0;
    for (const row of after) {
      const text = rowText(row);
      if ((old.get(text) ?? 0) === 0) continue;
      count(old, text, -1);
      both++;
    }
    if (before.length + after.length === 0) return;
    const day = new Date(scheduledAtMs).toISOString().slice(0, 10);
    const known = this.#days.get(day) ?? { both: 0, onlyBefore: 0, onlyAfter: 0 };
    this.#days.set(day, {
      both: known.both + both,
      onlyBefore: known.onlyBefore + before.length - both,
      onlyAfter: known.onlyAfter + after.length - both,
    });
  }

  total(hasBefore: boolean): Comparison {
    return sum(this.#days, hasBefore);
  }

  /** Days with rows, in order. */
  days(hasBefore: boolean): readonly DownstreamDay[] {
    const days = [...this.#days].sort(([a], [b]) => (a < b ? -1 : 1));
    return days.map(([day, counts]) => ({ day, rows: comparison(counts, hasBefore) }));
  }
}

function count(counts: Map<string, number>, text: string, by: number): void {
  counts.set(text, (counts.get(text) ?? 0) + by);
}

/** A sum of fractions has other last digits when its rows came in another order: they are left out. */
function rowText(row: Row): string {
  return canonicalJson(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(12) : value,
      ]),
    ),
  );
}
