import { canonicalJson } from '../../model/canonical-json.ts';
import type { Row } from '../../model/table.ts';

/** What two engines gave for one query. */
export interface RowsOfBoth {
  readonly duckdb: readonly Row[];
  readonly alasql: readonly Row[];
  /** `true`: the query's ORDER BY leaves no ties, so the order is compared too. */
  readonly isOrdered: boolean;
}

/**
 * What differs between the rows of two engines, in a few lines; `undefined` when nothing does. Rows are
 * compared as multisets, or as lists where the query orders them totally. Sums of DOUBLEs may differ in their
 * last digits, because engines add in different orders.
 */
export function compareRows({ duckdb, alasql, isOrdered }: RowsOfBoth): string | undefined {
  const onlyDuckdb = without(duckdb, alasql);
  const onlyAlasql = without(alasql, duckdb);
  if (onlyDuckdb.length === 0 && onlyAlasql.length === 0) {
    const index = isOrdered ? duckdb.findIndex((row, at) => !isSameRow(row, alasql[at])) : -1;
    return index < 0
      ? undefined
      : `Row ${index + 1} is ${show(duckdb[index])} on DuckDB and ${show(alasql[index])} on alasql.`;
  }
  return [
    `DuckDB gives ${count(duckdb)}, alasql ${count(alasql)}.`,
    describe('DuckDB', onlyDuckdb),
    describe('alasql', onlyAlasql),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** The rows of one that the other lacks, each as often as it does. */
function without(rows: readonly Row[], others: readonly Row[]): readonly Row[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(canonicalJson(row), (left.get(canonicalJson(row)) ?? 0) + 1);
  const unmatched = rows.filter((row) => {
    const key = canonicalJson(row);
    const rest = left.get(key) ?? 0;
    if (rest > 0) left.set(key, rest - 1);
    return rest === 0;
  });
  const loose = [...left].flatMap(([key, rest]) => Array.from({ length: rest }, () => JSON.parse(key) as Row));
  return unmatched.filter((row) => {
    const index = loose.findIndex((other) => isSameRow(row, other));
    if (index >= 0) loose.splice(index, 1);
    return index < 0;
  });
}

function isSameRow(left: Row | undefined, right: Row | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return Object.keys({ ...left, ...right }).every((key) => isSameValue(left[key], right[key]));
}

function isSameValue(left: unknown, right: unknown): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return canonicalJson(left) === canonicalJson(right);
  if (Number.isInteger(left) && Number.isInteger(right)) return left === right;
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
}

function describe(engine: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, 3).map(show).join(', ');
  return `Only ${engine}: ${shown}${rows.length > 3 ? `, … (${rows.length} in all)` : ''}`;
}

function show(row: Row | undefined): string {
  const text = JSON.stringify(row) ?? 'missing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function count(rows: readonly Row[]): string {
  return rows.length === 1 ? '1 row' : `${rows.length} rows`;
}
