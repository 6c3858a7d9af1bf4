import type { Comparison } from '../../model/backtest.ts';
import type { Colors } from '../terminal.ts';
import { renderTable } from './table.ts';

/** Counts under both logics side by side; under the new one alone where nothing was compared with. */
export function renderFigures(
  rows: readonly (readonly [name: string, counts: Comparison | null])[],
  isCompared: boolean,
  colors: Colors,
): string {
  const cells = (counts: Comparison | null): readonly string[] =>
    isCompared
      ? [counts?.before, counts?.after, counts?.both, counts?.onlyBefore, counts?.onlyAfter].map(countText)
      : [countText(counts?.after)];
  const names = isCompared ? ['live', 'new', 'both', 'only live', 'only new'] : ['new'];
  return renderTable({
    columns: [{ name: '' }, ...names.map((name) => ({ name, right: true }))],
    rows: rows.map(([name, counts]) => [name, ...cells(counts)]),
    colors,
  });
}

/** A count, or a dash for what was not counted. */
export function countText(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toLocaleString('en');
}
