import { Unproven } from '../../print-alasql/unproven.ts';
import { aggregates } from './aggregates.ts';
import { compareKeys } from './ordered-values.ts';

/** What a window function needs of each row. */
export interface WindowRow {
  readonly value: unknown;
  readonly partition: string;
  readonly keys: readonly unknown[];
}

function windowOf(
  kind: string,
  rows: readonly WindowRow[],
  marks: string,
  reach: number,
  otherwise: unknown,
  partition: string,
  ...keys: readonly unknown[]
): unknown {
  const order = (row: WindowRow) => compareKeys(row.keys, keys, marks);
  const same = rows.filter((row) => row.partition === partition);
  const before = same.filter((row) => order(row) < 0);
  switch (kind) {
    case 'rank':
      return before.length + 1;
    case 'dense_rank':
      return new Set(before.map((row) => JSON.stringify(row.keys))).size + 1;
    case 'row_number':
    case 'lag':
    case 'lead':
      return rowAt(kind, same, before.length, marks, reach, otherwise, order);
    default:
      return aggregated(
        kind,
        same.filter((row) => order(row) <= 0).map((row) => row.value),
      );
  }
}

/** What depends on one row's place, which ties leave open. */
function rowAt(
  kind: string,
  rows: readonly WindowRow[],
  at: number,
  marks: string,
  reach: number,
  otherwise: unknown,
  order: (row: WindowRow) => number,
): unknown {
  if (rows.filter((row) => order(row) === 0).length > 1) throw new Unproven('ties leave the order of a window open');
  if (kind === 'row_number') return at + 1;
  const sorted = [...rows].sort((a, b) => {
    const found = compareKeys(a.keys, b.keys, marks);
    if (found === 0 && a !== b) throw new Unproven('ties leave the order of a window open');
    return found;
  });
  const found = sorted[at + (kind === 'lag' ? -reach : reach)];
  return found === undefined ? otherwise : found.value;
}

function aggregated(name: string, values: readonly unknown[]): unknown {
  if (name === 'M_COUNT') return values.filter((value) => value != null).length;
  const own = aggregates[name];
  if (own === undefined) throw new Unproven(`${name} over a window is not proven on alasql`);
  const state = values.reduce<unknown>((before, value, index) => own(value, before, index === 0 ? 1 : 2), undefined);
  return own(undefined, state, 3);
}

/** Window functions over rows that are all given. */
export const windows = {
  m_windowed: (value: unknown, partition: string, ...keys: readonly unknown[]): WindowRow => ({
    value: value ?? null,
    partition,
    keys: keys.map((key) => key ?? null),
  }),
  m_window: windowOf,
};
