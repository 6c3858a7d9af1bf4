import type { Problem } from '../../model/margay-error.ts';
import { formatWhere, type Where } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import type { Column } from '../../model/table.ts';
import { readCell } from '../tests/read-cell.ts';
import { rowProblem, type WrittenRow } from './written-row.ts';

/**
 * The rows of a lookup as a bundle holds them, sorted by key, and everything that is wrong with them: names that are no
 * columns, values that do not fit theirs, keys that are missing or stand twice.
 */
export function checkRows(
  written: readonly WrittenRow[],
  { columns, key }: { readonly columns: readonly Column[]; readonly key: string },
): { readonly rows: readonly (readonly unknown[])[]; readonly problems: readonly Problem[] } {
  const names = columns.map(({ name }) => name);
  const problems: Problem[] = [];
  const places = new Map<unknown, Where>();
  const rows = written.map((row) => {
    for (const name of Object.keys(row.cells)) {
      if (names.includes(name)) continue;
      const message = `The lookup has no column '${name}'.`;
      problems.push(rowProblem('COMPILE_FIELD_UNKNOWN', row.where(name, 'key'), message, suggest(name, names)));
    }
    return columns.map((column) => {
      const { name } = column;
      const read = readCell(Object.hasOwn(row.cells, name) ? row.cells[name] : null, column);
      const where = row.where(name, 'value');
      if ('message' in read) {
        problems.push(rowProblem('COMPILE_TYPE_WRONG', where, read.message, read.hint));
        return null;
      }
      if (name === key) problems.push(...seen(read.cell, where, places));
      return read.cell;
    });
  });
  const keyAt = names.indexOf(key);
  return { rows: rows.toSorted((a, b) => order(a[keyAt], b[keyAt])), problems };
}

function seen(value: unknown, where: Where, places: Map<unknown, Where>): readonly Problem[] {
  const first = places.get(value);
  places.set(value, first ?? where);
  if (first === undefined) return [];
  const message = `Two rows have the key '${String(value)}'; the first is at ${formatWhere(first)}.`;
  return [rowProblem('COMPILE_LOOKUP_KEY_DUPLICATE', where, message, 'Keep one of them, or choose another key.')];
}

/** Of a sound lookup the keys are of one type, and no two are equal. */
function order(a: unknown, b: unknown): number {
  return (a as string | number) < (b as string | number) ? -1 : 1;
}
